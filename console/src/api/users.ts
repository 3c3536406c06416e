import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateLoginProfileCommand,
  CreateUserCommand,
  DeleteLoginProfileCommand,
  DeleteUserCommand,
  DeleteUserPermissionsBoundaryCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  GetLoginProfileCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupsForUserCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
  ListUserTagsCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  RemoveUserFromGroupCommand,
  TagUserCommand,
  UntagUserCommand,
  UpdateLoginProfileCommand,
  type User,
} from "@aws-sdk/client-iam";
import { deleteAccessKey, listAccessKeys } from "./accessKeys";
import { orIfMissing } from "./failures";
import { iam } from "./iamClient";
import { deactivateMfaDevice, listMfaDevices } from "./mfaDevices";
import { everyPage } from "./pages";
import { deleteServiceCredentials } from "./serviceCredentials";

export type { User };
export interface Tag {
  Key: string;
  Value: string;
}

export const listUsers = (): Promise<User[]> =>
  everyPage((Marker) => iam().send(new ListUsersCommand({ Marker, MaxItems: 1000 })), (page) => page.Users);

export async function getUser(UserName?: string): Promise<User> {
  const { User } = await iam().send(new GetUserCommand({ ...(UserName !== undefined && { UserName }) }));
  return User!;
}

export async function createUser(UserName: string, Path: string, PermissionsBoundary?: string): Promise<User> {
  const { User } = await iam().send(
    new CreateUserCommand({ UserName, Path, ...(PermissionsBoundary !== undefined && { PermissionsBoundary }) }),
  );
  return User!;
}

export const listGroupsOfUser = (UserName: string) =>
  everyPage((Marker) => iam().send(new ListGroupsForUserCommand({ UserName, Marker })), (page) => page.Groups);

export const addToGroup = (UserName: string, GroupName: string) =>
  iam().send(new AddUserToGroupCommand({ UserName, GroupName }));

export const removeFromGroup = (UserName: string, GroupName: string) =>
  iam().send(new RemoveUserFromGroupCommand({ UserName, GroupName }));

export const listUserAttachments = (UserName: string) =>
  everyPage(
    (Marker) => iam().send(new ListAttachedUserPoliciesCommand({ UserName, Marker })),
    (page) => page.AttachedPolicies,
  );

export const listUserPolicyNames = (UserName: string) =>
  everyPage((Marker) => iam().send(new ListUserPoliciesCommand({ UserName, Marker })), (page) => page.PolicyNames);

export async function getUserPolicy(UserName: string, PolicyName: string): Promise<string> {
  const { PolicyDocument } = await iam().send(new GetUserPolicyCommand({ UserName, PolicyName }));
  return decodeURIComponent(PolicyDocument ?? "");
}

export const putUserPolicy = (UserName: string, PolicyName: string, PolicyDocument: string) =>
  iam().send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument }));

export const deleteUserPolicy = (UserName: string, PolicyName: string) =>
  iam().send(new DeleteUserPolicyCommand({ UserName, PolicyName }));

export const attachUserPolicy = (UserName: string, PolicyArn: string) =>
  iam().send(new AttachUserPolicyCommand({ UserName, PolicyArn }));

export const detachUserPolicy = (UserName: string, PolicyArn: string) =>
  iam().send(new DetachUserPolicyCommand({ UserName, PolicyArn }));

export const setUserBoundary = (UserName: string, PermissionsBoundary: string) =>
  iam().send(new PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary }));

export const removeUserBoundary = (UserName: string) =>
  iam().send(new DeleteUserPermissionsBoundaryCommand({ UserName }));

export async function listUserTags(UserName: string): Promise<Tag[]> {
  const tags = await everyPage(
    (Marker) => iam().send(new ListUserTagsCommand({ UserName, Marker })),
    (page) => page.Tags,
  );
  return tags.map(({ Key, Value }) => ({ Key: Key!, Value: Value ?? "" }));
}

export const tagUser = (UserName: string, Tags: Tag[]) => iam().send(new TagUserCommand({ UserName, Tags }));

export const untagUser = (UserName: string, TagKeys: string[]) =>
  iam().send(new UntagUserCommand({ UserName, TagKeys }));

/** Give the user's console password as it stands; undefined where there is none. */
export async function getLoginProfile(UserName: string) {
  const found = await orIfMissing(iam().send(new GetLoginProfileCommand({ UserName })), undefined);
  return found?.LoginProfile;
}

export const createLoginProfile = (UserName: string, Password: string, PasswordResetRequired: boolean) =>
  iam().send(new CreateLoginProfileCommand({ UserName, Password, PasswordResetRequired }));

export const updateLoginProfile = (UserName: string, Password: string, PasswordResetRequired: boolean) =>
  iam().send(new UpdateLoginProfileCommand({ UserName, Password, PasswordResetRequired }));

export const deleteLoginProfile = (UserName: string) => iam().send(new DeleteLoginProfileCommand({ UserName }));

/**
 * Delete a user and all that is theirs, as the console of AWS does.
 *
 * The API deletes only a user who has nothing left, so what is theirs goes first; `told` hears of each step.
 */
export async function deleteUserAndBelongings(userName: string, told: (step: string) => void): Promise<void> {
  told("Deleting access keys");
  for (const key of await listAccessKeys(userName)) await deleteAccessKey(userName, key.AccessKeyId!);
  told("Removing MFA devices");
  for (const device of await listMfaDevices(userName)) await deactivateMfaDevice(userName, device.SerialNumber!);
  told("Removing console access");
  await orIfMissing(deleteLoginProfile(userName), undefined);
  told("Deleting SSH keys, certificates and service credentials");
  await deleteServiceCredentials(userName);
  told("Removing permissions");
  for (const group of await listGroupsOfUser(userName)) await removeFromGroup(userName, group.GroupName!);
  for (const policy of await listUserAttachments(userName)) await detachUserPolicy(userName, policy.PolicyArn!);
  for (const name of await listUserPolicyNames(userName)) await deleteUserPolicy(userName, name);
  told("Deleting the user");
  await iam().send(new DeleteUserCommand({ UserName: userName }));
}
