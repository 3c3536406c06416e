import {
  type AccessKeyMetadata,
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  ListAccessKeysCommand,
  UpdateAccessKeyCommand,
} from "@aws-sdk/client-iam";
import { iam } from "./iamClient";
import { everyPage } from "./pages";

/** AWS's quota: keys of a user, the inactive ones too. */
export const KEYS_PER_USER = 2;

export interface AccessKey extends AccessKeyMetadata {
  lastUsed?: LastUse | undefined;
}

export interface LastUse {
  /** undefined for a key that was never used. */
  date?: Date | undefined;
  service: string;
  region: string;
}

export interface NewAccessKey {
  id: string;
  secret: string;
  createdAt: Date;
}

/** `undefined` names the person who asks, who may be the root user. */
export type Owner = string | undefined;

const named = (owner: Owner) => (owner === undefined ? {} : { UserName: owner });

export const listAccessKeys = (owner: Owner): Promise<AccessKeyMetadata[]> =>
  everyPage(
    (Marker) => iam().send(new ListAccessKeysCommand({ ...named(owner), Marker })),
    (page) => page.AccessKeyMetadata,
  );

export async function getLastUse(AccessKeyId: string): Promise<LastUse & { userName: string | undefined }> {
  const { AccessKeyLastUsed: used, UserName } = await iam().send(new GetAccessKeyLastUsedCommand({ AccessKeyId }));
  return {
    date: used?.LastUsedDate,
    service: used?.ServiceName ?? "N/A",
    region: used?.Region ?? "N/A",
    userName: UserName,
  };
}

/** List the keys with their last use; without it where the person may not know that. */
export async function listKeysWithUse(owner: Owner): Promise<AccessKey[]> {
  const keys = await listAccessKeys(owner);
  const uses = await Promise.all(keys.map((key) => getLastUse(key.AccessKeyId!).catch(() => undefined)));
  return keys.map((key, index) => ({ ...key, lastUsed: uses[index] }));
}

/** Make a key. Its secret is in this answer and nowhere else. */
export async function createAccessKey(owner: Owner): Promise<NewAccessKey> {
  const { AccessKey } = await iam().send(new CreateAccessKeyCommand(named(owner)));
  return { id: AccessKey!.AccessKeyId!, secret: AccessKey!.SecretAccessKey!, createdAt: AccessKey!.CreateDate! };
}

export const setKeyStatus = (owner: Owner, AccessKeyId: string, Status: "Active" | "Inactive") =>
  iam().send(new UpdateAccessKeyCommand({ ...named(owner), AccessKeyId, Status }));

export const deleteAccessKey = (owner: Owner, AccessKeyId: string) =>
  iam().send(new DeleteAccessKeyCommand({ ...named(owner), AccessKeyId }));
