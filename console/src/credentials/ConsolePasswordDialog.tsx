import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { createLoginProfile, updateLoginProfile } from "../api/users";
import { Problem } from "../parts/Problem";
import { useAction } from "../parts/useAction";
import { newPassword } from "./newPassword";
import { FIRST_CHOICE, PasswordFields } from "./PasswordFields";
import { PasswordOnce } from "./PasswordOnce";

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

  const set = () =>
    action.run(async () => {
      const chosen = choice.isGenerated ? newPassword() : choice.custom;
      await (hasPassword ? updateLoginProfile : createLoginProfile)(userName, chosen, choice.mustChange);
      setPassword(chosen);
      onSet();
    });

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
                disabled={!choice.isGenerated && choice.custom === ""}
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
          <PasswordFields choice={choice} onChange={setChoice} />
        ) : (
          <PasswordOnce userName={userName} password={password} />
        )}
      </SpaceBetween>
    </Modal>
  );
}
