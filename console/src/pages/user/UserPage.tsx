import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Tabs from "@cloudscape-design/components/tabs";
import { lazy, Suspense, useState } from "react";
import { useNavigate, useSearchParams } from "react-router-dom";
import { isMissing } from "../../api/failures";
import { getUser } from "../../api/users";
import { SecurityPanel } from "../../credentials/SecurityPanel";
import { UserHelp } from "../../help/UserHelp";
import { Page } from "../../parts/Page";
import { Problem } from "../../parts/Problem";
import { moment } from "../../parts/time";
import { useNamed } from "../../parts/useNamed";
import { useRemote } from "../../parts/useRemote";
import { paths, type UserTab } from "../../paths";
import { GroupsTab } from "./GroupsTab";
import { LastAccessedTab } from "./LastAccessedTab";
import { PermissionsTab } from "./PermissionsTab";
import { TagsTab } from "./TagsTab";

const DeleteUsersDialog = lazy(async () => ({ default: (await import("../users/DeleteUsersDialog")).DeleteUsersDialog }));

const TABS: UserTab[] = ["permissions", "groups", "tags", "security", "last-accessed"];

/** One user. Step 3 of the guide is its tab "Security credentials". */
export function UserPage() {
  const userName = useNamed("userName");
  const navigate = useNavigate();
  const [query, setQuery] = useSearchParams();
  const [isDeleting, setDeleting] = useState(false);
  const user = useRemote(() => getUser(userName), [userName]);
  const tab = TABS.find((id) => id === query.get("tab")) ?? "permissions";
  const isThere = !isMissing(user.error);
  const select = (id: string) => setQuery({ tab: id }, { replace: true });

  return (
    <Page
      title={userName}
      crumbs={[
        { text: "IAM", href: paths.dashboard },
        { text: "Users", href: paths.users },
        { text: userName, href: paths.user(userName) },
      ]}
      help={<UserHelp />}
      actions={isThere && <Button onClick={() => setDeleting(true)}>Delete</Button>}
    >
      {user.error !== undefined ? (
        <Problem error={user.error} what="Loading the user" onRetry={user.reload} />
      ) : (
        <Container header={<Header variant="h2">Summary</Header>}>
          <KeyValuePairs
            columns={3}
            items={[
              {
                label: "ARN",
                value:
                  user.data === undefined ? (
                    "…"
                  ) : (
                    <CopyToClipboard
                      variant="inline"
                      textToCopy={user.data.Arn!}
                      copyButtonAriaLabel="Copy ARN"
                      copySuccessText="ARN copied"
                      copyErrorText="ARN not copied"
                    />
                  ),
              },
              { label: "Created", value: moment(user.data?.CreateDate) },
              {
                label: "Console last sign-in",
                value: user.data === undefined ? "…" : user.data.PasswordLastUsed === undefined ? "Never" : moment(user.data.PasswordLastUsed),
              },
              { label: "User ID", value: <Box variant="span">{user.data?.UserId ?? "…"}</Box> },
              { label: "Path", value: user.data?.Path ?? "…" },
              {
                label: "Permissions boundary",
                value: user.data === undefined ? "…" : (user.data.PermissionsBoundary?.PermissionsBoundaryArn ?? "Not set"),
              },
            ]}
          />
        </Container>
      )}
      {isThere && (
        <Tabs
          activeTabId={tab}
          onChange={({ detail }) => select(detail.activeTabId)}
          ariaLabel={`Of ${userName}`}
          tabs={[
            {
              id: "permissions",
              label: "Permissions",
              content: <PermissionsTab userName={userName} user={user.data} onChange={user.reload} />,
            },
            { id: "groups", label: "Groups", content: <GroupsTab userName={userName} /> },
            { id: "tags", label: "Tags", content: <TagsTab userName={userName} /> },
            {
              id: "security",
              label: "Security credentials",
              content: (
                <SecurityPanel
                  userName={userName}
                  createPath={paths.createAccessKey(userName)}
                  rotatePath={(id) => paths.rotateAccessKey(userName, id)}
                />
              ),
            },
            {
              id: "last-accessed",
              label: "Last accessed",
              content: user.data === undefined ? null : <LastAccessedTab arn={user.data.Arn!} />,
            },
          ]}
        />
      )}
      {isDeleting && (
        <Suspense fallback={null}>
          <DeleteUsersDialog
            names={[userName]}
            onClose={() => setDeleting(false)}
            onDeleted={() => void navigate(paths.users)}
          />
        </Suspense>
      )}
    </Page>
  );
}
