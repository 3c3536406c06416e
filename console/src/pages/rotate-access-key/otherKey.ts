import type { AccessKey } from "../../api/accessKeys";

/**
 * What the other of two keys is to the one that is rotated.
 *
 * Only a key that is newer and active can replace it; and whether such a one was made for that, the person must say, or
 * have made it on this page.
 */
export type Other =
  | { kind: "none" }
  | { kind: "successor" | "candidate" | "older" | "inactive"; key: AccessKey };

/** Judge the other key; `chosen` is the id of the one that was made or named as the successor. */
export function otherKey(keys: AccessKey[], old: AccessKey, chosen: string | undefined): Other {
  const key = keys.find(({ AccessKeyId }) => AccessKeyId !== old.AccessKeyId);
  if (key === undefined) return { kind: "none" };
  // IAM tells the second: two keys of the same one may be either's successor.
  if (key.CreateDate! < old.CreateDate!) return { kind: "older", key };
  if (key.Status !== "Active") return { kind: "inactive", key };
  return { kind: key.AccessKeyId === chosen ? "successor" : "candidate", key };
}
