import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListInstanceProfilesForRoleCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  RemoveRoleFromInstanceProfileCommand,
  type Role,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from "@aws-sdk/client-iam";
import { iam } from "./iamClient";
import { everyPage } from "./pages";
import type { Tag } from "./users";

export type { Role };

export const listRoles = (): Promise<Role[]> =>
  everyPage((Marker) => iam().send(new ListRolesCommand({ Marker, MaxItems: 1000 })), (page) => page.Roles);

export async function getRole(RoleName: string): Promise<Role> {
  const { Role } = await iam().send(new GetRoleCommand({ RoleName }));
  return Role!;
}

export const createRole = (
  RoleName: string,
  AssumeRolePolicyDocument: string,
  Description: string,
  PermissionsBoundary?: string,
) =>
  iam().send(
    new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument,
      ...(Description !== "" && { Description }),
      ...(PermissionsBoundary !== undefined && { PermissionsBoundary }),
    }),
  );

export const setTrust = (RoleName: string, PolicyDocument: string) =>
  iam().send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));

export const updateRole = (RoleName: string, Description: string, MaxSessionDuration: number) =>
  iam().send(new UpdateRoleCommand({ RoleName, Description, MaxSessionDuration }));

export const listRoleAttachments = (RoleName: string) =>
  everyPage(
    (Marker) => iam().send(new ListAttachedRolePoliciesCommand({ RoleName, Marker })),
    (page) => page.AttachedPolicies,
  );

export const listRolePolicyNames = (RoleName: string) =>
  everyPage((Marker) => iam().send(new ListRolePoliciesCommand({ RoleName, Marker })), (page) => page.PolicyNames);

export async function getRolePolicy(RoleName: string, PolicyName: string): Promise<string> {
  const { PolicyDocument } = await iam().send(new GetRolePolicyCommand({ RoleName, PolicyName }));
  return decodeURIComponent(PolicyDocument ?? "");
}

export const putRolePolicy = (RoleName: string, PolicyName: string, PolicyDocument: string) =>
  iam().send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));

export const deleteRolePolicy = (RoleName: string, PolicyName: string) =>
  iam().send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));

export const attachRolePolicy = (RoleName: string, PolicyArn: string) =>
  iam().send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));

export const detachRolePolicy = (RoleName: string, PolicyArn: string) =>
  iam().send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));

export const setRoleBoundary = (RoleName: string, PermissionsBoundary: string) =>
  iam().send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }));

export const removeRoleBoundary = (RoleName: string) =>
  iam().send(new DeleteRolePermissionsBoundaryCommand({ RoleName }));

export async function listRoleTags(RoleName: string): Promise<Tag[]> {
  const tags = await everyPage((Marker) => iam().send(new ListRoleTagsCommand({ RoleName, Marker })), (page) => page.Tags);
  return tags.map(({ Key, Value }) => ({ Key: Key!, Value: Value ?? "" }));
}

export const tagRole = (RoleName: string, Tags: Tag[]) => iam().send(new TagRoleCommand({ RoleName, Tags }));

export const untagRole = (RoleName: string, TagKeys: string[]) =>
  iam().send(new UntagRoleCommand({ RoleName, TagKeys }));

const listInstanceProfiles = (RoleName: string) =>
  everyPage(
    (Marker) => iam().send(new ListInstanceProfilesForRoleCommand({ RoleName, Marker })),
    (page) => page.InstanceProfiles,
  );

/** The inline policy by which AWS's console revokes sessions. */
const REVOCATION = "AWSRevokeOlderSessions";

/** Deny all to the sessions that were begun before a moment; new ones are not concerned. */
export const revokeSessions = (RoleName: string, before: Date) =>
  putRolePolicy(
    RoleName,
    REVOCATION,
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Deny",
          Action: ["*"],
          Resource: ["*"],
          Condition: { DateLessThan: { "aws:TokenIssueTime": before.toISOString() } },
        },
      ],
    }),
  );

/** Delete a role with its policies; instance profiles stay, without it. */
export async function deleteRoleAndPolicies(name: string): Promise<void> {
  for (const { InstanceProfileName } of await listInstanceProfiles(name)) {
    await iam().send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName: name }));
  }
  for (const policy of await listRoleAttachments(name)) await detachRolePolicy(name, policy.PolicyArn!);
  for (const policyName of await listRolePolicyNames(name)) await deleteRolePolicy(name, policyName);
  await iam().send(new DeleteRoleCommand({ RoleName: name }));
}
