import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import type { Group } from "../../api/groups";
import { addToGroup, listGroupsOfUser, removeFromGroup } from "../../api/users";
import { AppLink } from "../../parts/AppLink";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { ResourceTable } from "../../parts/ResourceTable";
import { age } from "../../parts/time";
import { useRemote } from "../../parts/useRemote";
import { paths } from "../../paths";
import { notify } from "../../shell/notices";
import { AddToGroupsDialog } from "./AddToGroupsDialog";

export function GroupsTab({ userName }: { userName: string }) {
  const groups = useRemote(() => listGroupsOfUser(userName), [userName]);
  const [selected, setSelected] = useState<Group[]>([]);
  const [open, setOpen] = useState<"add" | "remove">();

  function reload(): void {
    setSelected([]);
    groups.reload();
  }

  return (
    <>
      <ResourceTable<Group>
        title="Groups"
        noun={["group", "groups"]}
        remote={groups}
        columns={[
          { id: "name", header: "Group name", cell: ({ GroupName }) => <AppLink href={paths.group(GroupName!)}>{GroupName}</AppLink>, sortingField: "GroupName", isRowHeader: true },
          { id: "arn", header: "ARN", cell: ({ Arn }) => Arn },
          { id: "created", header: "Created", cell: ({ CreateDate }) => age(CreateDate) },
        ]}
        idOf={({ GroupName }) => GroupName!}
        textOf={({ GroupName }) => GroupName!}
        selection={{ type: "multi", items: selected, onChange: setSelected }}
        empty="The user is in no group."
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected.length === 0} onClick={() => setOpen("remove")}>
              Remove
            </Button>
            <Button onClick={() => setOpen("add")}>Add user to groups</Button>
          </SpaceBetween>
        }
      />
      {open === "add" && (
        <AddToGroupsDialog
          userName={userName}
          without={groups.data?.map(({ GroupName }) => GroupName!) ?? []}
          onAdd={async (names) => {
            try {
              for (const name of names) await addToGroup(userName, name);
              notify("success", `${userName} was added to ${names.join(", ")}.`);
            } finally {
              reload();
            }
          }}
          onClose={() => setOpen(undefined)}
        />
      )}
      {open === "remove" && (
        <ConfirmDialog
          title={`Remove ${userName} from ${selected.map(({ GroupName }) => GroupName).join(", ")}?`}
          confirm="Remove"
          onConfirm={async () => {
            try {
              for (const { GroupName } of selected) await removeFromGroup(userName, GroupName!);
              notify("success", `${userName} was removed.`);
            } finally {
              reload();
            }
          }}
          onClose={() => setOpen(undefined)}
        >
          {userName} loses what the {selected.length === 1 ? "group allows" : "groups allow"} at once.
        </ConfirmDialog>
      )}
    </>
  );
}
