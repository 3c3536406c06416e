import Box from "@cloudscape-design/components/box";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { AccessKey } from "../../api/accessKeys";
import { KeyAge } from "../../parts/KeyAge";
import { ago } from "../../parts/time";

/** A key in short: what matters when one takes another's place. */
export function KeyFacts({ accessKey: { AccessKeyId, Status, CreateDate, lastUsed } }: { accessKey: AccessKey }) {
  const isActive = Status === "Active";
  return (
    <KeyValuePairs
      columns={2}
      items={[
        { label: "Access key ID", value: <Box variant="code">{AccessKeyId}</Box> },
        { label: "Status", value: <StatusIndicator type={isActive ? "success" : "stopped"}>{Status}</StatusIndicator> },
        { label: "Age", value: <KeyAge createdAt={CreateDate!} isActive={isActive} /> },
        { label: "Last used", value: lastUsed === undefined ? "Unknown" : ago(lastUsed.date) },
        { label: "Last used service", value: lastUsed?.date === undefined ? "N/A" : lastUsed.service },
        { label: "Last used region", value: lastUsed?.date === undefined ? "N/A" : lastUsed.region },
      ]}
    />
  );
}
