import { useState } from "react";
import { type KeyTag, writeDescription } from "../api/keyDescription";
import { tagUser, untagUser } from "../api/users";
import { ConfirmDialog } from "../parts/ConfirmDialog";
import { notify } from "../shell/notices";
import { areTagsRight, DescriptionEditor } from "./DescriptionEditor";

interface EditDescriptionDialogProps {
  owner: string;
  id: string;
  tags: KeyTag[];
  onDone: () => void;
  onClose: () => void;
}

export function EditDescriptionDialog({ owner, id, tags: before, onDone, onClose }: EditDescriptionDialogProps) {
  const [tags, setTags] = useState<KeyTag[]>(before.length > 0 ? before : [{ name: "Purpose", value: "" }]);
  return (
    <ConfirmDialog
      title={`Description tags of ${id}`}
      confirm="Save"
      onConfirm={async () => {
        if (!areTagsRight(tags)) throw new Error("Correct the tags that are marked.");
        const text = writeDescription(tags);
        await (text === "" ? untagUser(owner, [id]) : tagUser(owner, [{ Key: id, Value: text }]));
        notify("success", `Description of ${id} saved.`);
        onDone();
      }}
      onClose={onClose}
    >
      <DescriptionEditor tags={tags} onChange={setTags} />
    </ConfirmDialog>
  );
}
