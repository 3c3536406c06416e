import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { lazy, Suspense, useState } from "react";
import { listKeysWithUse } from "../../api/accessKeys";
import { listMfaDevices } from "../../api/mfaDevices";
import { listGroupsOfUser, listUsers, type User } from "../../api/users";
import { UsersHelp } from "../../help/UsersHelp";
import { AppButton } from "../../parts/AppButton";
import { ResourceTable } from "../../parts/ResourceTable";
import { useRemote } from "../../parts/useRemote";
import { useRowDetails } from "../../parts/useRowDetails";
import { paths } from "../../paths";
import { usePage } from "../../shell/page";
import { type UserDetails, userColumns } from "./userColumns";

const DeleteUsersDialog = lazy(async () => ({ default: (await import("./DeleteUsersDialog")).DeleteUsersDialog }));

/** The users of the account. Step 2 of the guide: find the one who needs CLI access. */
export function UsersPage() {
  usePage({
    title: "Users",
    crumbs: [
      { text: "IAM", href: paths.dashboard },
      { text: "Users", href: paths.users },
    ],
    help: <UsersHelp />,
    contentType: "table",
  });
  const users = useRemote(listUsers, []);
  const [selected, setSelected] = useState<User[]>([]);
  const [isDeleting, setDeleting] = useState(false);
  const { details, want, forget } = useRowDetails<string, UserDetails>((userName) => ({
    keys: () => listKeysWithUse(userName),
    mfaDevices: () => listMfaDevices(userName),
    groups: () => listGroupsOfUser(userName),
  }));

  function reload(): void {
    forget();
    setSelected([]);
    users.reload();
  }

  return (
    <>
      <ResourceTable<User>
        variant="full-page"
        headingTag="h1"
        title="Users"
        noun={["user", "users"]}
        description="An IAM user is an identity with long-term credentials that is used to interact with AWS in an account."
        remote={users}
        columns={userColumns(details)}
        idOf={({ UserName }) => UserName!}
        textOf={({ UserName, UserId, Path }) => `${UserName} ${UserId} ${Path}`}
        selection={{ type: "multi", items: selected, onChange: setSelected }}
        onRows={(rows) => want(rows.map(({ UserName }) => UserName!))}
        empty={
          <SpaceBetween size="s">
            <div>There are no users yet.</div>
            <AppButton href={paths.createUser}>Create user</AppButton>
          </SpaceBetween>
        }
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="refresh" ariaLabel="Refresh users" onClick={reload} loading={users.isLoading} />
            <Button disabled={selected.length === 0} onClick={() => setDeleting(true)}>
              Delete
            </Button>
            <AppButton href={paths.createUser} variant="primary">
              Create user
            </AppButton>
          </SpaceBetween>
        }
      />
      {isDeleting && (
        <Suspense fallback={null}>
          <DeleteUsersDialog
            names={selected.map(({ UserName }) => UserName!)}
            onClose={() => setDeleting(false)}
            onDeleted={reload}
          />
        </Suspense>
      )}
    </>
  );
}
