import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useNavigate } from "react-router-dom";
import type { AccessKey } from "../api/accessKeys";
import type { KeyTag } from "../api/keyDescription";
import { KeyAge } from "../parts/KeyAge";
import { ago, isoDay, moment } from "../parts/time";

export type KeyAction = "activate" | "deactivate" | "delete" | "describe";

interface AccessKeyPanelProps {
  accessKey: AccessKey;
  description: KeyTag[];
  rotateHref: string;
  isDescribable: boolean;
  onAction: (action: KeyAction) => void;
}

/** One access key. */
export function AccessKeyPanel({ accessKey, description, rotateHref, isDescribable, onAction }: AccessKeyPanelProps) {
  const navigate = useNavigate();
  const { AccessKeyId, Status, CreateDate, lastUsed } = accessKey;
  const id = AccessKeyId!;
  const isActive = Status === "Active";
  const unused = <Box variant="span">N/A</Box>;

  return (
    <Container
      header={
        <Header
          variant="h3"
          headingTagOverride="h3"
          actions={
            <ButtonDropdown
              ariaLabel={`Actions of ${id}`}
              expandToViewport
              items={[
                isActive ? { id: "deactivate", text: "Deactivate" } : { id: "activate", text: "Activate" },
                { id: "rotate", text: "Rotate" },
                ...(isDescribable ? [{ id: "describe", text: "Edit description tags" }] : []),
                { id: "delete", text: "Delete" },
              ]}
              onItemClick={({ detail }) =>
                detail.id === "rotate" ? void navigate(rotateHref) : onAction(detail.id as KeyAction)
              }
            >
              Actions
            </ButtonDropdown>
          }
        >
          <CopyToClipboard
            variant="inline"
            textToCopy={id}
            copyButtonAriaLabel={`Copy ${id}`}
            copySuccessText="Copied"
            copyErrorText="Copy failed"
          />
        </Header>
      }
    >
      <KeyValuePairs
        columns={3}
        items={[
          {
            label: "Status",
            value: <StatusIndicator type={isActive ? "success" : "stopped"}>{Status}</StatusIndicator>,
          },
          {
            label: "Last used",
            value: lastUsed === undefined ? "Unknown" : <span title={moment(lastUsed.date)}>{ago(lastUsed.date)}</span>,
          },
          {
            label: "Age",
            value: (
              <span title={moment(CreateDate)}>
                <KeyAge createdAt={CreateDate!} isActive={isActive} />
              </span>
            ),
          },
          { label: "Last used service", value: lastUsed?.date === undefined ? unused : lastUsed.service },
          { label: "Last used region", value: lastUsed?.date === undefined ? unused : lastUsed.region },
          { label: "Description tags", value: <DescriptionTags tags={description} /> },
        ]}
      />
    </Container>
  );
}

/** The tags of a key; an expiry that is past says so. */
function DescriptionTags({ tags }: { tags: KeyTag[] }) {
  if (tags.length === 0) return <>None</>;
  const today = isoDay(new Date());
  return (
    <SpaceBetween direction="horizontal" size="xxs">
      {tags.map(({ name, value }) => {
        const isPast = name.toLowerCase() === "expiry" && /^\d{4}-\d{2}-\d{2}$/.test(value) && value < today;
        return (
          <Badge key={name} color={isPast ? "severity-high" : "grey"}>
            {name}: {value}
            {isPast ? " (past)" : ""}
          </Badge>
        );
      })}
    </SpaceBetween>
  );
}
