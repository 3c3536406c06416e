import Box from "@cloudscape-design/components/box";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { AccessKey } from "../../api/accessKeys";
import { KeyAge } from "../../parts/KeyAge";
import { ago, exactMoment } from "../../parts/time";

interface KeyFactsProps {
  accessKey: AccessKey;
  /** Its description tags, as they are kept; undefined where they are not shown. */
  description?: string | undefined;
}

/** A key in short: what matters when one takes another's place. */
export function KeyFacts({ accessKey: { AccessKeyId, Status, CreateDate, lastUsed }, description }: KeyFactsProps) {
  const isActive = Status === "Active";
  return (
    <KeyValuePairs
      columns={2}
      items={[
        { label: "Access key ID", value: <Box variant="code">{AccessKeyId}</Box> },
        { label: "Status", value: <StatusIndicator type={isActive ? "success" : "stopped"}>{Status}</StatusIndicator> },
        { label: "Age", value: <KeyAge createdAt={CreateDate!} isActive={isActive} /> },
        { label: "Created", value: exactMoment(CreateDate) },
        ...(description === undefined ? [] : [{ label: "Description tags", value: description }]),
        { label: "Last used", value: lastUsed === undefined ? "Unknown" : ago(lastUsed.date) },
        { label: "Last used service", value: lastUsed?.date === undefined ? "N/A" : lastUsed.service },
        { label: "Last used region", value: lastUsed?.date === undefined ? "N/A" : lastUsed.region },
      ]}
    />
  );
}
