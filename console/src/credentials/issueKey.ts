import { createAccessKey, type NewAccessKey, type Owner } from "../api/accessKeys";
import { type KeyTag, writeDescription } from "../api/keyDescription";
import { tagUser } from "../api/users";

export interface IssuedKey {
  key: NewAccessKey;
  /** Why its description was not stored; undefined where it was, or where there is none. */
  tagProblem: unknown;
}

/** Make a key and describe it. The key is there, and its secret shown, whatever comes of the description. */
export async function issueKey(owner: Owner, tags: KeyTag[]): Promise<IssuedKey> {
  const key = await createAccessKey(owner);
  const text = writeDescription(tags);
  if (owner === undefined || text === "") return { key, tagProblem: undefined };
  try {
    await tagUser(owner, [{ Key: key.id, Value: text }]);
    return { key, tagProblem: undefined };
  } catch (error) {
    return { key, tagProblem: error };
  }
}
