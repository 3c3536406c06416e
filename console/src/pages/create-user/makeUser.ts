import { readFailure } from "../../api/failures";
import type { Policy } from "../../api/policies";
import { addToGroup, attachUserPolicy, createLoginProfile, createUser } from "../../api/users";
import { newPassword } from "../../credentials/newPassword";
import { CHANGE_POLICY, type ChangeAllowed, letChangePassword } from "../../credentials/passwordChange";
import type { UserDraft } from "./DetailsStep";

interface MadeUser {
  /** undefined where there is none. */
  password: string | undefined;
  /** What of the rest could not be done, in words. */
  problems: string[];
}

/** Tell whether the user is given the permission to change their password: who must, and may not already. */
export const needsChangePolicy = ({ hasConsole, password }: UserDraft, changeAllowed: ChangeAllowed): boolean =>
  hasConsole && password.mustChange && changeAllowed !== "byAccount";

/** Make a user, and then the rest: what of that fails is told, and the user is there. */
export async function makeUser(
  draft: UserDraft,
  groups: string[],
  policies: Policy[],
  boundary: Policy | undefined,
  changeAllowed: ChangeAllowed,
): Promise<MadeUser> {
  const name = draft.name.trim();
  await createUser(name, draft.path.trim() || "/", boundary?.Arn);
  const problems: string[] = [];
  let password: string | undefined;

  async function attempt(what: string, work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      const { action, message } = readFailure(error);
      problems.push(`${name} was created, but ${what}: ${action === undefined ? message : `you need permission ${action}`}.`);
      return false;
    }
  }

  if (draft.hasConsole) {
    const chosen = draft.password.isGenerated ? newPassword() : draft.password.custom;
    const isSet = await attempt("has no console password", () => createLoginProfile(name, chosen, draft.password.mustChange));
    if (isSet) password = chosen;
    const isChosen = policies.some(({ Arn }) => Arn === CHANGE_POLICY.arn);
    if (isSet && needsChangePolicy(draft, changeAllowed) && !isChosen) {
      await attempt(
        `${CHANGE_POLICY.name} is not attached, without which ${name} may be unable to choose the new password that the first sign-in asks for`,
        () => letChangePassword(name),
      );
    }
  }
  for (const group of groups) await attempt(`is not in ${group}`, () => addToGroup(name, group));
  for (const { Arn, PolicyName } of policies) {
    await attempt(`${PolicyName} is not attached`, () => attachUserPolicy(name, Arn!));
  }
  return { password, problems };
}
