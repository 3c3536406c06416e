import Alert from "@cloudscape-design/components/alert";
import type { AccessKey } from "../api/accessKeys";
import { ago, daysSince, UNUSED_AFTER_DAYS } from "../parts/time";

/** Say when a key was last used, before it is taken away. */
export function LastUseWarning({ accessKey: { lastUsed } }: { accessKey: AccessKey }) {
  if (lastUsed === undefined) return <Alert type="warning">You don&apos;t have permission to see when this key was last used.</Alert>;
  if (lastUsed.date === undefined) return <Alert type="info">This key was never used.</Alert>;
  const isRecent = daysSince(lastUsed.date) < UNUSED_AFTER_DAYS;
  return (
    <Alert type={isRecent ? "warning" : "info"}>
      Last used: {ago(lastUsed.date).toLowerCase()}, for {lastUsed.service} in {lastUsed.region}.
      {isRecent && " Something may still depend on it."}
    </Alert>
  );
}
