import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";
import { listKeysWithUse } from "../../api/accessKeys";
import { listMfaDevices } from "../../api/mfaDevices";
import { deleteUserAndBelongings } from "../../api/users";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { Problem } from "../../parts/Problem";
import { ago } from "../../parts/time";
import { useRemote } from "../../parts/useRemote";
import { notify } from "../../shell/notices";

interface DeleteUsersDialogProps {
  names: string[];
  onClose: () => void;
  onDeleted: () => void;
}

const MOST_LOOKED_AT = 20;

/** Ask before users are deleted, and say what goes with them. */
export function DeleteUsersDialog({ names, onClose, onDeleted }: DeleteUsersDialogProps) {
  const [step, setStep] = useState<string>();
  const what = names.length === 1 ? names[0]! : `${names.length} users`;

  async function deleteAll(): Promise<void> {
    let done = 0;
    try {
      for (const name of names) {
        await deleteUserAndBelongings(name, (told) => setStep(`${name}: ${told}`));
        done += 1;
      }
    } finally {
      setStep(undefined);
      if (done > 0) {
        notify("success", names.length === 1 ? `User ${what} was deleted.` : `${done} of ${names.length} users were deleted.`);
        onDeleted();
      }
    }
  }

  return (
    <ConfirmDialog
      title={`Delete ${what}?`}
      confirm="Delete"
      typed={names.length === 1 ? what : "delete"}
      onConfirm={deleteAll}
      onClose={onClose}
    >
      <Alert type="warning">
        Deleted for good: {names.length === 1 ? "the user" : "the users"}, with access keys, console password, MFA
        devices, SSH keys, certificates and inline policies. What signs with these keys stops working at once.
      </Alert>
      <Box>
        <ul>
          {names.slice(0, MOST_LOOKED_AT).map((name) => (
            <li key={name}>
              <Belongings name={name} />
            </li>
          ))}
        </ul>
        {names.length > MOST_LOOKED_AT && `and ${names.length - MOST_LOOKED_AT} more`}
      </Box>
      {step !== undefined && <StatusIndicator type="in-progress">{step}</StatusIndicator>}
    </ConfirmDialog>
  );
}

/** What one user has that is in use. */
function Belongings({ name }: { name: string }) {
  const { data, error } = useRemote(
    async () => ({ keys: await listKeysWithUse(name), devices: await listMfaDevices(name) }),
    [name],
  );
  if (error !== undefined) return <Problem error={error} what={`Looking at ${name}`} />;
  if (data === undefined) return <>{name}: …</>;
  const keys = data.keys.map(
    ({ AccessKeyId, Status, lastUsed }) =>
      `${AccessKeyId} (${Status}, last used: ${lastUsed === undefined ? "unknown" : ago(lastUsed.date).toLowerCase()})`,
  );
  const parts = [...keys, data.devices.length > 0 ? `${data.devices.length} MFA` : ""].filter((part) => part !== "");
  return (
    <>
      <b>{name}</b>: {parts.length > 0 ? parts.join(", ") : "no access keys, no MFA"}
    </>
  );
}
