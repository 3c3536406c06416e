import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { listMembers } from "../../api/groups";
import { addToGroup, listUsers, removeFromGroup, type User } from "../../api/users";
import { AppLink } from "../../parts/AppLink";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { Problem } from "../../parts/Problem";
import { ResourceTable } from "../../parts/ResourceTable";
import { age } from "../../parts/time";
import { useAction } from "../../parts/useAction";
import { useRemote } from "../../parts/useRemote";
import { paths } from "../../paths";
import { notify } from "../../shell/notices";

const namesOf = (users: User[]): string[] => users.map(({ UserName }) => UserName!);

/** The users in a group. */
export function MembersTab({ groupName }: { groupName: string }) {
  const members = useRemote(() => listMembers(groupName), [groupName]);
  const [selected, setSelected] = useState<User[]>([]);
  const [open, setOpen] = useState<"add" | "remove">();

  function reload(): void {
    setSelected([]);
    members.reload();
  }

  return (
    <>
      <ResourceTable<User>
        title="Users in this group"
        noun={["user", "users"]}
        remote={members}
        idOf={({ UserName }) => UserName!}
        textOf={({ UserName }) => UserName!}
        selection={{ type: "multi", items: selected, onChange: setSelected }}
        empty="No users in this group."
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected.length === 0} onClick={() => setOpen("remove")}>
              Remove
            </Button>
            <Button onClick={() => setOpen("add")}>Add users</Button>
          </SpaceBetween>
        }
        columns={[
          {
            id: "name",
            header: "User name",
            cell: ({ UserName }) => <AppLink href={paths.user(UserName!)}>{UserName}</AppLink>,
            sortingField: "UserName",
            isRowHeader: true,
          },
          { id: "created", header: "Created", cell: ({ CreateDate }) => age(CreateDate) },
        ]}
      />
      {open === "add" && (
        <AddUsersDialog groupName={groupName} without={namesOf(members.data ?? [])} onAdded={reload} onClose={() => setOpen(undefined)} />
      )}
      {open === "remove" && (
        <ConfirmDialog
          title={`Remove ${namesOf(selected).join(", ")} from ${groupName}?`}
          confirm="Remove"
          onConfirm={async () => {
            try {
              for (const name of namesOf(selected)) await removeFromGroup(name, groupName);
              notify("success", `Removed from ${groupName}.`);
            } finally {
              reload();
            }
          }}
          onClose={() => setOpen(undefined)}
        >
          They lose what the group allows at once.
        </ConfirmDialog>
      )}
    </>
  );
}

interface AddUsersDialogProps {
  groupName: string;
  without: string[];
  onAdded: () => void;
  onClose: () => void;
}

function AddUsersDialog({ groupName, without, onAdded, onClose }: AddUsersDialogProps) {
  const users = useRemote(listUsers, []);
  const action = useAction();
  const [selected, setSelected] = useState<User[]>([]);
  const add = () =>
    action.run(async () => {
      try {
        for (const name of namesOf(selected)) await addToGroup(name, groupName);
      } finally {
        onAdded();
      }
      notify("success", `${namesOf(selected).join(", ")} added to ${groupName}.`);
      onClose();
    });
  return (
    <Modal
      visible
      size="large"
      header={`Add users to ${groupName}`}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              Cancel
            </Button>
            <Button variant="primary" disabled={selected.length === 0} loading={action.isBusy} onClick={add}>
              Add users
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {action.error !== undefined && <Problem error={action.error} what="Adding" />}
        <ResourceTable<User>
          title="Other users"
          headingTag="h3"
          noun={["user", "users"]}
          pageSize={10}
          remote={{ ...users, data: users.data?.filter(({ UserName }) => !without.includes(UserName!)) }}
          idOf={({ UserName }) => UserName!}
          textOf={({ UserName }) => UserName!}
          selection={{ type: "multi", items: selected, onChange: setSelected }}
          columns={[{ id: "name", header: "User name", cell: ({ UserName }) => UserName, sortingField: "UserName", isRowHeader: true }]}
        />
      </SpaceBetween>
    </Modal>
  );
}
