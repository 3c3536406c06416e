import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { readFailure } from "../api/failures";
import { createLoginProfile, updateLoginProfile } from "../api/users";
import { Problem } from "../parts/Problem";
import { useAction } from "../parts/useAction";
import { useRemote } from "../parts/useRemote";
import { notify } from "../shell/notices";
import { newPassword } from "./newPassword";
import { FIRST_CHOICE, PasswordFields } from "./PasswordFields";
import { PasswordOnce } from "./PasswordOnce";
import { CHANGE_POLICY, letChangePassword, readChangeAllowed } from "./passwordChange";

interface ConsolePasswordDialogProps {
  userName: string;
  hasPassword: boolean;
  onSet: () => void;
  onClose: () => void;
}

/** Give a user a console password, and show it once. */
export function ConsolePasswordDialog({ userName, hasPassword, onSet, onClose }: ConsolePasswordDialogProps) {
  const action = useAction();
  const [choice, setChoice] = useState(FIRST_CHOICE);
  const [password, setPassword] = useState<string>();
  const [isGranted, setGranted] = useState(true);
  const changeAllowed = useRemote(readChangeAllowed, []);
  const needsGrant = choice.mustChange && changeAllowed.data !== undefined && changeAllowed.data !== "byAccount";

  const set = () =>
    action.run(async () => {
      const chosen = choice.isGenerated ? newPassword() : choice.custom;
      await (hasPassword ? updateLoginProfile : createLoginProfile)(userName, chosen, choice.mustChange);
      if (needsGrant && isGranted) await grant();
      setPassword(chosen);
      onSet();
    });

  /** The password is set by then: what fails here is told, and the password shown. */
  async function grant(): Promise<void> {
    try {
      await letChangePassword(userName);
    } catch (error) {
      const { action: needed, message } = readFailure(error);
      const why = needed === undefined ? message : `you need permission ${needed}.`;
      notify("warning", `${CHANGE_POLICY.name} was not attached, so ${userName} may be unable to choose a new password at the next sign-in: ${why}`);
    }
  }

  return (
    <Modal
      visible
      header={hasPassword ? `Set a new password for ${userName}` : `Enable console access for ${userName}`}
      onDismiss={onClose}
      footer={
        <Box float="right">
          {password === undefined ? (
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="link" onClick={onClose}>
                Cancel
              </Button>
              <Button
                variant="primary"
                loading={action.isBusy}
                disabled={(!choice.isGenerated && choice.custom === "") || (choice.mustChange && changeAllowed.data === undefined)}
                onClick={set}
              >
                {hasPassword ? "Set password" : "Enable console access"}
              </Button>
            </SpaceBetween>
          ) : (
            <Button variant="primary" onClick={onClose}>
              Close
            </Button>
          )}
        </Box>
      }
    >
      <SpaceBetween size="m">
        {action.error !== undefined && <Problem error={action.error} what="Setting the password" />}
        {password === undefined ? (
          <SpaceBetween size="m">
            <PasswordFields choice={choice} onChange={setChoice} />
            {needsGrant && (
              <Checkbox
                checked={isGranted}
                onChange={({ detail }) => setGranted(detail.checked)}
                description="A user without permission to change the password cannot finish the sign-in."
              >
                Attach the policy {CHANGE_POLICY.name} to {userName}
              </Checkbox>
            )}
          </SpaceBetween>
        ) : (
          <PasswordOnce userName={userName} password={password} />
        )}
      </SpaceBetween>
    </Modal>
  );
}
