import { getPasswordPolicy } from "../api/account";
import { attachUserPolicy } from "../api/users";

/** AWS's policy that lets a user change the password of their own. */
export const CHANGE_POLICY = { name: "IAMUserChangePassword", arn: "arn:aws:iam::aws:policy/IAMUserChangePassword" };

/** Who lets users change their passwords: the account's password policy lets all; else a user needs a policy that does. */
export type ChangeAllowed = "byAccount" | "byPolicyOnly" | "unknown";

/** Read it off the account's password policy; where that cannot be read nothing is guessed. */
export async function readChangeAllowed(): Promise<ChangeAllowed> {
  try {
    return (await getPasswordPolicy())?.AllowUsersToChangePassword ? "byAccount" : "byPolicyOnly";
  } catch {
    return "unknown";
  }
}

/** Let a user change their own password, as the console of AWS does where the account does not let all. */
export const letChangePassword = (userName: string) => attachUserPolicy(userName, CHANGE_POLICY.arn);
