import Box from "@cloudscape-design/components/box";
import StatusIndicator from "@cloudscape-design/components/status-indicator";

export function Waiting({ what }: { what: string }) {
  return (
    <Box padding="l" textAlign="center">
      <StatusIndicator type="loading">Loading {what}</StatusIndicator>
    </Box>
  );
}
