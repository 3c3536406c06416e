import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";
import { deleteLoginProfile, getLoginProfile } from "../api/users";
import { ConfirmDialog } from "../parts/ConfirmDialog";
import { Problem } from "../parts/Problem";
import { age } from "../parts/time";
import { useRemote } from "../parts/useRemote";
import { Waiting } from "../parts/Waiting";
import { notify } from "../shell/notices";
import { ConsolePasswordDialog } from "./ConsolePasswordDialog";
import { SignInAddress } from "./SignInAddress";

/** Whether a user may sign in to the console, and by which password. */
export function ConsoleAccessSection({ userName }: { userName: string }) {
  const profile = useRemote(() => getLoginProfile(userName), [userName]);
  const [open, setOpen] = useState<"set" | "remove">();
  const hasPassword = profile.data !== undefined;
  const isKnown = !profile.isLoading && profile.error === undefined;

  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            isKnown && (
              <SpaceBetween direction="horizontal" size="xs">
                {hasPassword && <Button onClick={() => setOpen("remove")}>Disable console access</Button>}
                <Button onClick={() => setOpen("set")}>{hasPassword ? "Set a new password" : "Enable console access"}</Button>
              </SpaceBetween>
            )
          }
        >
          Console sign-in
        </Header>
      }
    >
      {profile.error !== undefined ? (
        <Problem error={profile.error} what="Loading the console password" onRetry={profile.reload} />
      ) : profile.isLoading && !hasPassword ? (
        <Waiting what="console access" />
      ) : (
        <KeyValuePairs
          columns={3}
          items={[
            {
              label: "Console access",
              value: hasPassword ? <StatusIndicator type="success">Enabled</StatusIndicator> : <StatusIndicator type="stopped">Disabled</StatusIndicator>,
            },
            { label: "Console sign-in link", value: <SignInAddress /> },
            {
              label: "Password",
              value: !hasPassword
                ? "None"
                : profile.data?.PasswordResetRequired
                  ? "To be changed at the next sign-in"
                  : `Set ${age(profile.data?.CreateDate).toLowerCase()}`,
            },
          ]}
        />
      )}
      {open === "set" && (
        <ConsolePasswordDialog
          userName={userName}
          hasPassword={hasPassword}
          onSet={profile.reload}
          onClose={() => setOpen(undefined)}
        />
      )}
      {open === "remove" && (
        <ConfirmDialog
          title={`Disable console access of ${userName}?`}
          confirm="Disable"
          onConfirm={async () => {
            await deleteLoginProfile(userName);
            notify("success", `${userName} can no longer sign in to the console.`);
            profile.reload();
          }}
          onClose={() => setOpen(undefined)}
        >
          The password is deleted. Access keys go on working.
        </ConfirmDialog>
      )}
    </Container>
  );
}
