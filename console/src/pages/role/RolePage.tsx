import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router-dom";
import { isMissing } from "../../api/failures";
import { deleteRoleAndPolicies, getRole, listRoleTags, tagRole, untagRole } from "../../api/roles";
import { RolesHelp } from "../../help/RolesHelp";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { Page } from "../../parts/Page";
import { Problem } from "../../parts/Problem";
import { TagsTable } from "../../parts/TagsTable";
import { ago, moment } from "../../parts/time";
import { useNamed } from "../../parts/useNamed";
import { useRemote } from "../../parts/useRemote";
import { paths } from "../../paths";
import { BoundaryPanel } from "../../permissions/BoundaryPanel";
import { roleBearer } from "../../permissions/bearer";
import { PoliciesPanel } from "../../permissions/PoliciesPanel";
import { notify } from "../../shell/notices";
import { LastAccessedTab } from "../user/LastAccessedTab";
import { EditRoleDialog } from "./EditRoleDialog";
import { RevokeTab } from "./RevokeTab";
import { TrustTab } from "./TrustTab";

/** One role: who may assume it, and what it may do. */
export function RolePage() {
  const roleName = useNamed("roleName");
  const navigate = useNavigate();
  const [query, setQuery] = useSearchParams();
  const [open, setOpen] = useState<"edit" | "delete">();
  const role = useRemote(() => getRole(roleName), [roleName]);
  const tags = useRemote(() => listRoleTags(roleName), [roleName]);
  const found = role.data;
  const bearer = roleBearer(roleName);
  return (
    <Page
      title={roleName}
      crumbs={[
        { text: "IAM", href: paths.dashboard },
        { text: "Roles", href: paths.roles },
        { text: roleName, href: paths.role(roleName) },
      ]}
      help={<RolesHelp />}
      actions={
        !isMissing(role.error) && (
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={() => setOpen("delete")}>Delete</Button>
            <Button disabled={found === undefined} onClick={() => setOpen("edit")}>
              Edit
            </Button>
          </SpaceBetween>
        )
      }
    >
      {role.error !== undefined ? (
        <Problem error={role.error} what="Loading the role" onRetry={role.reload} />
      ) : (
        <Container header={<Header variant="h2">Summary</Header>}>
          <KeyValuePairs
            columns={3}
            items={[
              {
                label: "ARN",
                value: (
                  <CopyToClipboard
                    variant="inline"
                    textToCopy={found?.Arn ?? "…"}
                    copyButtonAriaLabel="Copy ARN"
                    copySuccessText="ARN copied"
                    copyErrorText="ARN not copied"
                  />
                ),
              },
              { label: "Created", value: moment(found?.CreateDate) },
              { label: "Last activity", value: found === undefined ? "…" : ago(found.RoleLastUsed?.LastUsedDate) },
              { label: "Description", value: found?.Description ?? "-" },
              { label: "Permissions boundary", value: found === undefined ? "…" : (found.PermissionsBoundary?.PermissionsBoundaryArn ?? "Not set") },
              { label: "Maximum session duration", value: found === undefined ? "…" : `${(found.MaxSessionDuration ?? 3600) / 60} minutes` },
            ]}
          />
        </Container>
      )}
      {found !== undefined && (
        <Tabs
          ariaLabel={`Of ${roleName}`}
          activeTabId={query.get("tab") ?? "permissions"}
          onChange={({ detail }) => setQuery({ tab: detail.activeTabId }, { replace: true })}
          tabs={[
            {
              id: "permissions",
              label: "Permissions",
              content: (
                <SpaceBetween size="l">
                  <PoliciesPanel bearer={bearer} />
                  <BoundaryPanel bearer={bearer} boundary={found.PermissionsBoundary?.PermissionsBoundaryArn} onChange={role.reload} />
                </SpaceBetween>
              ),
            },
            { id: "trust", label: "Trust relationships", content: <TrustTab role={found} onSaved={role.reload} /> },
            {
              id: "tags",
              label: "Tags",
              content: <TagsTable remote={tags} onTag={(some) => tagRole(roleName, some)} onUntag={(keys) => untagRole(roleName, keys)} />,
            },
            { id: "last-accessed", label: "Last accessed", content: <LastAccessedTab arn={found.Arn!} /> },
            { id: "revoke", label: "Revoke sessions", content: <RevokeTab roleName={roleName} /> },
          ]}
        />
      )}
      {open === "edit" && found !== undefined && <EditRoleDialog role={found} onSaved={role.reload} onClose={() => setOpen(undefined)} />}
      {open === "delete" && (
        <ConfirmDialog
          title={`Delete ${roleName}?`}
          confirm="Delete"
          typed={roleName}
          onConfirm={async () => {
            await deleteRoleAndPolicies(roleName);
            notify("success", `Role ${roleName} was deleted.`);
            await navigate(paths.roles);
          }}
          onClose={() => setOpen(undefined)}
        >
          Its sessions and its inline policies end with it; instance profiles lose it.
        </ConfirmDialog>
      )}
    </Page>
  );
}
