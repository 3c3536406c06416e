import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { areTagsValid, keysBeside, MAX_TAGS, tagKeyFault, tagValueFault } from "../api/tagRules";
import type { Tag } from "../api/users";
import { notify } from "../shell/notices";
import { Problem } from "./Problem";
import { ResourceTable } from "./ResourceTable";
import { useAction } from "./useAction";
import type { Remote } from "./useRemote";

interface TagsTableProps {
  remote: Remote<Tag[]>;
  onTag: (tags: Tag[]) => Promise<unknown>;
  onUntag: (keys: string[]) => Promise<unknown>;
  /** Says more of a tag, where there is more to say. */
  noteOf?: (tag: Tag) => string;
}

/** The tags of a resource, with a dialog that changes them. */
export function TagsTable({ remote, onTag, onUntag, noteOf }: TagsTableProps) {
  const [isEditing, setEditing] = useState(false);
  return (
    <>
      <ResourceTable<Tag>
        title="Tags"
        noun={["tag", "tags"]}
        remote={remote}
        columns={[
          { id: "key", header: "Key", cell: ({ Key }) => Key, sortingField: "Key", isRowHeader: true },
          { id: "value", header: "Value", cell: ({ Value }) => Value, sortingField: "Value" },
          ...(noteOf === undefined ? [] : [{ id: "note", header: "Note", cell: noteOf }]),
        ]}
        idOf={({ Key }) => Key}
        textOf={({ Key, Value }) => `${Key} ${Value}`}
        actions={
          <Button disabled={remote.data === undefined} onClick={() => setEditing(true)}>
            Manage tags
          </Button>
        }
      />
      {isEditing && (
        <TagsDialog
          tags={remote.data ?? []}
          onClose={() => setEditing(false)}
          onSave={async (wanted) => {
            const before = new Map(remote.data?.map(({ Key, Value }) => [Key, Value]));
            const changed = wanted.filter(({ Key, Value }) => before.get(Key) !== Value);
            const gone = [...before.keys()].filter((key) => !wanted.some(({ Key }) => Key === key));
            try {
              if (gone.length > 0) await onUntag(gone);
              if (changed.length > 0) await onTag(changed);
              notify("success", "Tags saved.");
            } finally {
              remote.reload();
            }
          }}
        />
      )}
    </>
  );
}

function TagsDialog({ tags, onSave, onClose }: { tags: Tag[]; onSave: (tags: Tag[]) => Promise<void>; onClose: () => void }) {
  const action = useAction();
  const [items, setItems] = useState<Tag[]>(tags);
  const set = (index: number, change: Partial<Tag>) =>
    setItems(items.map((item, at) => (at === index ? { ...item, ...change } : item)));

  const save = () =>
    action.run(async () => {
      await onSave(items);
      onClose();
    });

  return (
    <Modal
      visible
      size="large"
      header="Manage tags"
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              Cancel
            </Button>
            <Button variant="primary" disabled={!areTagsValid(items)} loading={action.isBusy} onClick={save}>
              Save changes
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {action.error !== undefined && <Problem error={action.error} what="Saving the tags" />}
        <AttributeEditor
          items={items}
          addButtonText="Add new tag"
          removeButtonText="Remove"
          removeButtonAriaLabel={({ Key }) => `Remove tag ${Key}`}
          disableAddButton={items.length >= MAX_TAGS}
          additionalInfo={`${items.length} of ${MAX_TAGS} tags`}
          empty="There are no tags."
          onAddButtonClick={() => setItems([...items, { Key: "", Value: "" }])}
          onRemoveButtonClick={({ detail }) => setItems(items.filter((_, index) => index !== detail.itemIndex))}
          definition={[
            {
              label: "Key",
              control: ({ Key }, index) => <Input ariaLabel={`Key ${index + 1}`} value={Key} onChange={({ detail }) => set(index, { Key: detail.value })} />,
              errorText: ({ Key }, index) => (Key === "" ? undefined : tagKeyFault(Key, keysBeside(items, index))),
            },
            {
              label: "Value",
              control: ({ Value }, index) => (
                <Input ariaLabel={`Value ${index + 1}`} value={Value} onChange={({ detail }) => set(index, { Value: detail.value })} />
              ),
              errorText: ({ Value }) => tagValueFault(Value),
            },
          ]}
        />
      </SpaceBetween>
    </Modal>
  );
}
