import {
  AttachGroupPolicyCommand,
  CreateGroupCommand,
  DeleteGroupCommand,
  DeleteGroupPolicyCommand,
  DetachGroupPolicyCommand,
  GetGroupCommand,
  GetGroupPolicyCommand,
  type Group,
  ListAttachedGroupPoliciesCommand,
  ListGroupPoliciesCommand,
  ListGroupsCommand,
  PutGroupPolicyCommand,
} from "@aws-sdk/client-iam";
import { iam } from "./iamClient";
import { everyPage } from "./pages";
import { removeFromGroup } from "./users";

export type { Group };

export const listGroups = (): Promise<Group[]> =>
  everyPage((Marker) => iam().send(new ListGroupsCommand({ Marker, MaxItems: 1000 })), (page) => page.Groups);

export async function getGroup(GroupName: string) {
  const { Group } = await iam().send(new GetGroupCommand({ GroupName, MaxItems: 1 }));
  return Group!;
}

export const listMembers = (GroupName: string) =>
  everyPage((Marker) => iam().send(new GetGroupCommand({ GroupName, Marker })), (page) => page.Users);

export const createGroup = (GroupName: string) => iam().send(new CreateGroupCommand({ GroupName }));

export const listGroupAttachments = (GroupName: string) =>
  everyPage(
    (Marker) => iam().send(new ListAttachedGroupPoliciesCommand({ GroupName, Marker })),
    (page) => page.AttachedPolicies,
  );

export const listGroupPolicyNames = (GroupName: string) =>
  everyPage((Marker) => iam().send(new ListGroupPoliciesCommand({ GroupName, Marker })), (page) => page.PolicyNames);

export async function getGroupPolicy(GroupName: string, PolicyName: string): Promise<string> {
  const { PolicyDocument } = await iam().send(new GetGroupPolicyCommand({ GroupName, PolicyName }));
  return decodeURIComponent(PolicyDocument ?? "");
}

export const putGroupPolicy = (GroupName: string, PolicyName: string, PolicyDocument: string) =>
  iam().send(new PutGroupPolicyCommand({ GroupName, PolicyName, PolicyDocument }));

export const deleteGroupPolicy = (GroupName: string, PolicyName: string) =>
  iam().send(new DeleteGroupPolicyCommand({ GroupName, PolicyName }));

export const attachGroupPolicy = (GroupName: string, PolicyArn: string) =>
  iam().send(new AttachGroupPolicyCommand({ GroupName, PolicyArn }));

export const detachGroupPolicy = (GroupName: string, PolicyArn: string) =>
  iam().send(new DetachGroupPolicyCommand({ GroupName, PolicyArn }));

/** Delete a group; its members leave it first, and its policies go. */
export async function deleteGroupAndPolicies(name: string): Promise<void> {
  for (const user of await listMembers(name)) await removeFromGroup(user.UserName!, name);
  for (const policy of await listGroupAttachments(name)) await detachGroupPolicy(name, policy.PolicyArn!);
  for (const policyName of await listGroupPolicyNames(name)) await deleteGroupPolicy(name, policyName);
  await iam().send(new DeleteGroupCommand({ GroupName: name }));
}
