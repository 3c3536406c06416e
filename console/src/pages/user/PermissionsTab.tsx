import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { listGroupAttachments, listGroupPolicyNames } from "../../api/groups";
import { listGroupsOfUser, removeUserBoundary, setUserBoundary } from "../../api/users";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { Problem } from "../../parts/Problem";
import { useRemote } from "../../parts/useRemote";
import { userBearer } from "../../permissions/bearer";
import { BoundaryDialog } from "../../permissions/BoundaryDialog";
import { PoliciesPanel } from "../../permissions/PoliciesPanel";
import { notify } from "../../shell/notices";

interface PermissionsTabProps {
  userName: string;
  boundary: string | undefined;
  onChange: () => void;
}

/** What a user may do: by their own policies, by their groups', within the boundary. */
export function PermissionsTab({ userName, boundary, onChange }: PermissionsTabProps) {
  return (
    <SpaceBetween size="l">
      <PoliciesPanel bearer={userBearer(userName)} />
      <FromGroups userName={userName} />
      <Boundary userName={userName} boundary={boundary} onChange={onChange} />
    </SpaceBetween>
  );
}

function FromGroups({ userName }: { userName: string }) {
  const remote = useRemote(async () => {
    const groups = await listGroupsOfUser(userName);
    return Promise.all(
      groups.map(async ({ GroupName }) => {
        const [attached, inline] = await Promise.all([listGroupAttachments(GroupName!), listGroupPolicyNames(GroupName!)]);
        return { name: GroupName!, policies: [...attached.map(({ PolicyName }) => PolicyName!), ...inline] };
      }),
    );
  }, [userName]);
  return (
    <Container header={<Header variant="h2">Permissions from groups</Header>}>
      {remote.error !== undefined && <Problem error={remote.error} what="Loading the groups' policies" onRetry={remote.reload} />}
      {remote.data?.length === 0 && <Box color="text-body-secondary">The user is in no group.</Box>}
      <ul>
        {remote.data?.map(({ name, policies }) => (
          <li key={name}>
            <b>{name}</b>: {policies.length === 0 ? "no policies" : policies.join(", ")}
          </li>
        ))}
      </ul>
    </Container>
  );
}

function Boundary({ userName, boundary, onChange }: PermissionsTabProps) {
  const [open, setOpen] = useState<"set" | "remove">();
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="The most that this user may ever do, whatever their policies allow."
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {boundary !== undefined && <Button onClick={() => setOpen("remove")}>Remove boundary</Button>}
              <Button onClick={() => setOpen("set")}>{boundary === undefined ? "Set boundary" : "Change boundary"}</Button>
            </SpaceBetween>
          }
        >
          Permissions boundary {boundary === undefined ? "(not set)" : "(set)"}
        </Header>
      }
    >
      {boundary === undefined ? <Box color="text-body-secondary">There is no boundary.</Box> : <Box variant="code">{boundary}</Box>}
      {open === "set" && (
        <BoundaryDialog
          name={userName}
          onSet={async (arn) => {
            await setUserBoundary(userName, arn);
            notify("success", `Permissions boundary of ${userName} set.`);
            onChange();
          }}
          onClose={() => setOpen(undefined)}
        />
      )}
      {open === "remove" && (
        <ConfirmDialog
          title="Remove permissions boundary?"
          confirm="Remove"
          onConfirm={async () => {
            await removeUserBoundary(userName);
            notify("success", `Permissions boundary of ${userName} removed.`);
            onChange();
          }}
          onClose={() => setOpen(undefined)}
        >
          {userName} may then do all that their policies allow.
        </ConfirmDialog>
      )}
    </Container>
  );
}
