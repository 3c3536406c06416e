import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { createGroup, deleteGroupAndPolicies, type Group, listGroupAttachments, listGroups, listMembers } from "../../api/groups";
import { GroupsHelp } from "../../help/GroupsHelp";
import { AppLink } from "../../parts/AppLink";
import { CellText } from "../../parts/CellText";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { ResourceTable } from "../../parts/ResourceTable";
import { age } from "../../parts/time";
import { useRemote } from "../../parts/useRemote";
import { useRowDetails } from "../../parts/useRowDetails";
import { paths } from "../../paths";
import { notify } from "../../shell/notices";
import { usePage } from "../../shell/page";

interface GroupDetails {
  members: number;
  policies: number;
}

/** The groups of users. */
export function GroupsPage() {
  usePage({
    title: "User groups",
    crumbs: [
      { text: "IAM", href: paths.dashboard },
      { text: "User groups", href: paths.groups },
    ],
    help: <GroupsHelp />,
    contentType: "table",
  });
  const groups = useRemote(listGroups, []);
  const { details, want, forget } = useRowDetails<string, GroupDetails>((name) => ({
    members: async () => (await listMembers(name)).length,
    policies: async () => (await listGroupAttachments(name)).length,
  }));
  const [selected, setSelected] = useState<Group[]>([]);
  const [open, setOpen] = useState<"create" | "delete">();
  const [name, setName] = useState("");
  const [chosen] = selected;

  function reload(): void {
    forget();
    setSelected([]);
    groups.reload();
  }

  return (
    <>
      <ResourceTable<Group>
        variant="full-page"
        headingTag="h1"
        title="User groups"
        noun={["group", "groups"]}
        description="A user group is a collection of IAM users with the same permissions."
        remote={groups}
        idOf={({ GroupName }) => GroupName!}
        textOf={({ GroupName }) => GroupName!}
        selection={{ type: "single", items: selected, onChange: setSelected }}
        onRows={(rows) => want(rows.map(({ GroupName }) => GroupName!))}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="refresh" ariaLabel="Refresh groups" loading={groups.isLoading} onClick={reload} />
            <Button disabled={chosen === undefined} onClick={() => setOpen("delete")}>
              Delete
            </Button>
            <Button variant="primary" onClick={() => setOpen("create")}>
              Create group
            </Button>
          </SpaceBetween>
        }
        columns={[
          {
            id: "name",
            header: "Group name",
            cell: ({ GroupName }) => <AppLink href={paths.group(GroupName!)}>{GroupName}</AppLink>,
            sortingComparator: (a, b) => a.GroupName!.localeCompare(b.GroupName!),
            isRowHeader: true,
          },
          { id: "users", header: "Users", cell: ({ GroupName }) => <CellText cell={details[GroupName!]?.members}>{String}</CellText> },
          {
            id: "policies",
            header: "Attached policies",
            cell: ({ GroupName }) => <CellText cell={details[GroupName!]?.policies}>{String}</CellText>,
          },
          { id: "created", header: "Created", cell: ({ CreateDate }) => age(CreateDate) },
        ]}
      />
      {open === "create" && (
        <ConfirmDialog
          title="Create user group"
          confirm="Create"
          onConfirm={async () => {
            await createGroup(name.trim());
            notify("success", `Group ${name.trim()} was created.`);
            setName("");
            reload();
          }}
          onClose={() => setOpen(undefined)}
        >
          <FormField label="Group name" constraintText="Up to 128 letters, digits, and + = , . @ _ -">
            <Input value={name} onChange={({ detail }) => setName(detail.value)} spellcheck={false} autoComplete={false} />
          </FormField>
        </ConfirmDialog>
      )}
      {open === "delete" && chosen !== undefined && (
        <ConfirmDialog
          title={`Delete ${chosen.GroupName}?`}
          confirm="Delete"
          typed={chosen.GroupName!}
          onConfirm={async () => {
            await deleteGroupAndPolicies(chosen.GroupName!);
            notify("success", `Group ${chosen.GroupName} was deleted.`);
            reload();
          }}
          onClose={() => setOpen(undefined)}
        >
          Its users stay, and lose what it allowed. Its inline policies are deleted.
        </ConfirmDialog>
      )}
    </>
  );
}
