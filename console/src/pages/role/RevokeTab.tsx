import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import { useState } from "react";
import { revokeSessions } from "../../api/roles";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { notify } from "../../shell/notices";

/** End what is under way by a role, without touching the role itself. */
export function RevokeTab({ roleName }: { roleName: string }) {
  const [isAsking, setAsking] = useState(false);
  return (
    <Container
      header={
        <Header variant="h2" actions={<Button onClick={() => setAsking(true)}>Revoke active sessions</Button>}>
          Revoke all active sessions
        </Header>
      }
    >
      <Box>
        Use it when a session&apos;s credentials may be in wrong hands. The inline policy AWSRevokeOlderSessions then denies
        everything to sessions that were begun before this moment. Who may assume the role can begin a new one.
      </Box>
      {isAsking && (
        <ConfirmDialog
          title="Revoke active sessions?"
          confirm="Revoke"
          typed="revoke"
          onConfirm={async () => {
            await revokeSessions(roleName, new Date());
            notify("success", `The active sessions of ${roleName} were revoked.`);
          }}
          onClose={() => setAsking(false)}
        >
          Everybody who uses the role now has to assume it again.
        </ConfirmDialog>
      )}
    </Container>
  );
}
