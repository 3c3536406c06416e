import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { listGroupAttachments, listGroupPolicyNames } from "../../api/groups";
import { listGroupsOfUser, type User } from "../../api/users";
import { AppLink } from "../../parts/AppLink";
import { Problem } from "../../parts/Problem";
import { useRemote } from "../../parts/useRemote";
import { paths } from "../../paths";
import { BoundaryPanel } from "../../permissions/BoundaryPanel";
import { userBearer } from "../../permissions/bearer";
import { PoliciesPanel } from "../../permissions/PoliciesPanel";

interface PermissionsTabProps {
  userName: string;
  /** undefined while it is not known, or not to be known, who it is. */
  user: User | undefined;
  onChange: () => void;
}

/** What a user may do: by their own policies, by their groups', within the boundary. */
export function PermissionsTab({ userName, user, onChange }: PermissionsTabProps) {
  const bearer = userBearer(userName);
  return (
    <SpaceBetween size="l">
      <PoliciesPanel bearer={bearer} />
      <FromGroups userName={userName} />
      {user !== undefined && (
        <BoundaryPanel bearer={bearer} boundary={user.PermissionsBoundary?.PermissionsBoundaryArn} onChange={onChange} />
      )}
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
            <AppLink href={paths.group(name)}>{name}</AppLink>: {policies.length === 0 ? "no policies" : policies.join(", ")}
          </li>
        ))}
      </ul>
    </Container>
  );
}
