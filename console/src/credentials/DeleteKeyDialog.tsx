import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import { useState } from "react";
import { type AccessKey, deleteAccessKey, type Owner, setKeyStatus } from "../api/accessKeys";
import { readFailure } from "../api/failures";
import { listUserTags, untagUser } from "../api/users";
import { ConfirmDialog } from "../parts/ConfirmDialog";
import { Problem } from "../parts/Problem";
import { useAction } from "../parts/useAction";
import { notify } from "../shell/notices";
import { LastUseWarning } from "./LastUseWarning";

interface DeleteKeyDialogProps {
  owner: Owner;
  accessKey: AccessKey;
  onDone: () => void;
  onClose: () => void;
}

/** Delete a key and its description; first it has to be inactive, as in AWS's console. */
export function DeleteKeyDialog({ owner, accessKey, onDone, onClose }: DeleteKeyDialogProps) {
  const id = accessKey.AccessKeyId!;
  const action = useAction();
  const [isActive, setActive] = useState(accessKey.Status === "Active");

  const deactivate = () =>
    action.run(async () => {
      await setKeyStatus(owner, id, "Inactive");
      setActive(false);
      onDone();
    });

  async function remove(): Promise<void> {
    if (isActive) throw new Error("Deactivate the key first.");
    await deleteAccessKey(owner, id);
    notify("success", `Access key ${id} was deleted.`);
    await forgetDescription(owner, id);
    onDone();
  }

  return (
    <ConfirmDialog title={`Delete ${id}?`} confirm="Delete" typed={id} onConfirm={remove} onClose={onClose}>
      <LastUseWarning accessKey={accessKey} />
      {action.error !== undefined && <Problem error={action.error} what="Deactivating" />}
      {isActive ? (
        <Alert
          type="warning"
          action={
            <Button loading={action.isBusy} onClick={deactivate}>
              Deactivate
            </Button>
          }
        >
          Deactivate the key before you delete it, and see that nothing misses it.
        </Alert>
      ) : (
        <Alert type="success">The key is inactive. Deleting cannot be taken back.</Alert>
      )}
    </ConfirmDialog>
  );
}

/** Remove the tag that described a key which is gone; it would stay with the user for nothing. */
export async function forgetDescription(owner: Owner, id: string): Promise<void> {
  if (owner === undefined) return;
  try {
    const tags = await listUserTags(owner);
    if (tags.some(({ Key }) => Key === id)) await untagUser(owner, [id]);
  } catch (error) {
    const { action, message } = readFailure(error);
    notify("warning", `Its description tag stays with ${owner}: ${action === undefined ? message : `you need permission ${action}`}.`);
  }
}
