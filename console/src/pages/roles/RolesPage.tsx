import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { deleteRoleAndPolicies, listRoles, type Role } from "../../api/roles";
import { RolesHelp } from "../../help/RolesHelp";
import { AppButton } from "../../parts/AppButton";
import { AppLink } from "../../parts/AppLink";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { ResourceTable } from "../../parts/ResourceTable";
import { age } from "../../parts/time";
import { useRemote } from "../../parts/useRemote";
import { paths } from "../../paths";
import { notify } from "../../shell/notices";
import { usePage } from "../../shell/page";
import { trustedOf } from "./trusted";

export function RolesPage() {
  usePage({
    title: "Roles",
    crumbs: [
      { text: "IAM", href: paths.dashboard },
      { text: "Roles", href: paths.roles },
    ],
    help: <RolesHelp />,
    contentType: "table",
  });
  const roles = useRemote(listRoles, []);
  const [selected, setSelected] = useState<Role[]>([]);
  const [isDeleting, setDeleting] = useState(false);
  const [chosen] = selected;
  return (
    <>
      <ResourceTable<Role>
        variant="full-page"
        headingTag="h1"
        title="Roles"
        noun={["role", "roles"]}
        description="An IAM role is an identity with permissions that is assumed for a while."
        remote={roles}
        idOf={({ RoleName }) => RoleName!}
        textOf={({ RoleName, Description }) => `${RoleName} ${Description ?? ""}`}
        selection={{ type: "single", items: selected, onChange: setSelected }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="refresh" ariaLabel="Refresh roles" loading={roles.isLoading} onClick={roles.reload} />
            <Button disabled={chosen === undefined} onClick={() => setDeleting(true)}>
              Delete
            </Button>
            <AppButton variant="primary" href={paths.createRole}>
              Create role
            </AppButton>
          </SpaceBetween>
        }
        columns={[
          {
            id: "name",
            header: "Role name",
            cell: ({ RoleName }) => <AppLink href={paths.role(RoleName!)}>{RoleName}</AppLink>,
            sortingComparator: (a, b) => a.RoleName!.localeCompare(b.RoleName!),
            isRowHeader: true,
          },
          { id: "trusted", header: "Trusted entities", cell: ({ AssumeRolePolicyDocument }) => trustedOf(AssumeRolePolicyDocument) },
          { id: "description", header: "Description", cell: ({ Description }) => Description ?? "-" },
          { id: "created", header: "Created", cell: ({ CreateDate }) => age(CreateDate) },
        ]}
      />
      {isDeleting && chosen !== undefined && (
        <ConfirmDialog
          title={`Delete ${chosen.RoleName}?`}
          confirm="Delete"
          typed={chosen.RoleName!}
          onConfirm={async () => {
            await deleteRoleAndPolicies(chosen.RoleName!);
            notify("success", `Role ${chosen.RoleName} was deleted.`);
            setSelected([]);
            roles.reload();
          }}
          onClose={() => setDeleting(false)}
        >
          Its sessions and its inline policies end with it; instance profiles lose it.
        </ConfirmDialog>
      )}
    </>
  );
}
