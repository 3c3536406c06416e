import { type AccessKey, type Owner, setKeyStatus } from "../api/accessKeys";
import { ConfirmDialog } from "../parts/ConfirmDialog";
import { notify } from "../shell/notices";
import { LastUseWarning } from "./LastUseWarning";

interface KeyDialogProps {
  owner: Owner;
  accessKey: AccessKey;
  onDone: () => void;
  onClose: () => void;
}

export function DeactivateKeyDialog({ owner, accessKey, onDone, onClose }: KeyDialogProps) {
  const id = accessKey.AccessKeyId!;
  return (
    <ConfirmDialog
      title={`Deactivate ${id}?`}
      confirm="Deactivate"
      onConfirm={async () => {
        await setKeyStatus(owner, id, "Inactive");
        notify("success", `Access key ${id} is inactive: requests signed with it now fail. Reactivate it if something stops working.`);
        onDone();
      }}
      onClose={onClose}
    >
      <LastUseWarning accessKey={accessKey} />
      <div>Calls that this key signs are refused at once. You can activate it again.</div>
    </ConfirmDialog>
  );
}
