import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useEffect } from "react";
import type { AccessKey } from "../../api/accessKeys";
import type { Remote } from "../../parts/useRemote";
import { KeyFacts } from "./KeyFacts";

interface SideBySideProps {
  old: AccessKey;
  successor: AccessKey | undefined;
  remote: Remote<AccessKey[]>;
}

const LOOK_AGAIN_MS = 10_000;

/** Tell whether the old key was used since there is a new one. */
export const isStillUsed = (old: AccessKey, successor: AccessKey | undefined): boolean =>
  old.lastUsed?.date !== undefined && successor !== undefined && old.lastUsed.date > successor.CreateDate!;

/** Both keys beside each other, looked at again and again, until the old one is unused. */
export function SideBySide({ old, successor, remote }: SideBySideProps) {
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === "visible" && remote.reload(), LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [remote.reload]);

  return (
    <SpaceBetween size="l">
      {successor?.lastUsed !== undefined && successor.lastUsed.date === undefined && (
        <Alert type="warning">The new key was not used yet. Put it in place before you retire the old one.</Alert>
      )}
      {old.lastUsed === undefined ? (
        <Alert type="warning">You don&apos;t have permission to see when the old key was last used. Check with its owner before you retire it.</Alert>
      ) : isStillUsed(old, successor) ? (
        <Alert type="warning">The old key was used after the new one was made. Find what still uses it.</Alert>
      ) : (
        <Alert type="success">The old key was not used since the new one was made.</Alert>
      )}
      <ColumnLayout columns={2}>
        <Container fitHeight header={<Header variant="h2">Old key</Header>}>
          <KeyFacts accessKey={old} />
        </Container>
        <Container fitHeight header={<Header variant="h2">New key</Header>}>
          {successor === undefined ? <Box>There is no new key yet.</Box> : <KeyFacts accessKey={successor} />}
        </Container>
      </ColumnLayout>
      <Button iconName="refresh" loading={remote.isLoading} onClick={remote.reload}>
        Look again
      </Button>
      <Box color="text-body-secondary">
        This page looks again every ten seconds. As on AWS, the first use within 15 minutes is what is recorded.
      </Box>
    </SpaceBetween>
  );
}
