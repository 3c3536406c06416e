import { useState } from "react";
import { type NewServiceCredential, resetServiceCredential } from "../api/serviceCredentials";
import { ConfirmDialog } from "../parts/ConfirmDialog";
import { ServiceSecretDialog } from "./ServiceSecretDialog";
import type { ItemDialogProps } from "./StatusListSection";

interface ResetServiceCredentialDialogProps extends ItemDialogProps {
  userName: string;
  id: string;
}

/** Give a credential another secret, and show it this once. */
export function ResetServiceCredentialDialog({ userName, id, onDone, onClose }: ResetServiceCredentialDialogProps) {
  const [made, setMade] = useState<NewServiceCredential>();

  function close(): void {
    onClose();
    if (made !== undefined) onDone();
  }

  if (made !== undefined) return <ServiceSecretDialog title="Credential reset" credential={made} onClose={close} />;
  return (
    <ConfirmDialog
      title={`Reset ${id}?`}
      confirm="Reset"
      onConfirm={async () => setMade(await resetServiceCredential(userName, id))}
      onClose={onClose}
      staysOpen
    >
      What uses its present secret stops working at once. The new one is shown next.
    </ConfirmDialog>
  );
}
