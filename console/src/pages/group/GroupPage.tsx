import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Tabs from "@cloudscape-design/components/tabs";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router-dom";
import { isMissing } from "../../api/failures";
import { deleteGroupAndPolicies, getGroup } from "../../api/groups";
import { GroupsHelp } from "../../help/GroupsHelp";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { Page } from "../../parts/Page";
import { Problem } from "../../parts/Problem";
import { moment } from "../../parts/time";
import { useNamed } from "../../parts/useNamed";
import { useRemote } from "../../parts/useRemote";
import { paths } from "../../paths";
import { groupBearer } from "../../permissions/bearer";
import { PoliciesPanel } from "../../permissions/PoliciesPanel";
import { notify } from "../../shell/notices";
import { LastAccessedTab } from "../user/LastAccessedTab";
import { MembersTab } from "./MembersTab";

/** One group: who is in it, and what it allows. */
export function GroupPage() {
  const groupName = useNamed("groupName");
  const navigate = useNavigate();
  const [query, setQuery] = useSearchParams();
  const [isDeleting, setDeleting] = useState(false);
  const group = useRemote(() => getGroup(groupName), [groupName]);
  const isThere = !isMissing(group.error);
  return (
    <Page
      title={groupName}
      crumbs={[
        { text: "IAM", href: paths.dashboard },
        { text: "User groups", href: paths.groups },
        { text: groupName, href: paths.group(groupName) },
      ]}
      help={<GroupsHelp />}
      actions={isThere && <Button onClick={() => setDeleting(true)}>Delete</Button>}
    >
      {group.error !== undefined ? (
        <Problem error={group.error} what="Loading the group" onRetry={group.reload} />
      ) : (
        <Container header={<Header variant="h2">Summary</Header>}>
          <KeyValuePairs
            columns={3}
            items={[
              { label: "User group name", value: groupName },
              { label: "Created", value: moment(group.data?.CreateDate) },
              { label: "ARN", value: group.data?.Arn ?? "…" },
            ]}
          />
        </Container>
      )}
      {isThere && (
        <Tabs
          ariaLabel={`Of ${groupName}`}
          activeTabId={query.get("tab") ?? "users"}
          onChange={({ detail }) => setQuery({ tab: detail.activeTabId }, { replace: true })}
          tabs={[
            { id: "users", label: "Users", content: <MembersTab groupName={groupName} /> },
            { id: "permissions", label: "Permissions", content: <PoliciesPanel bearer={groupBearer(groupName)} /> },
            {
              id: "last-accessed",
              label: "Last accessed",
              content: group.data === undefined ? null : <LastAccessedTab arn={group.data.Arn!} />,
            },
          ]}
        />
      )}
      {isDeleting && (
        <ConfirmDialog
          title={`Delete ${groupName}?`}
          confirm="Delete"
          typed={groupName}
          onConfirm={async () => {
            await deleteGroupAndPolicies(groupName);
            notify("success", `Group ${groupName} was deleted.`);
            await navigate(paths.groups);
          }}
          onClose={() => setDeleting(false)}
        >
          Its users stay, and lose what it allowed. Its inline policies are deleted.
        </ConfirmDialog>
      )}
    </Page>
  );
}
