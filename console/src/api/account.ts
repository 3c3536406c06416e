import {
  CreateAccountAliasCommand,
  DeleteAccountAliasCommand,
  DeleteAccountPasswordPolicyCommand,
  GetAccountPasswordPolicyCommand,
  GetAccountSummaryCommand,
  ListAccountAliasesCommand,
  type PasswordPolicy,
  UpdateAccountPasswordPolicyCommand,
  type UpdateAccountPasswordPolicyCommandInput,
} from "@aws-sdk/client-iam";
import { orIfMissing } from "./failures";
import { iam } from "./iamClient";

export type { PasswordPolicy };
export type PasswordRules = UpdateAccountPasswordPolicyCommandInput;

export async function getAccountSummary(): Promise<Record<string, number>> {
  const { SummaryMap } = await iam().send(new GetAccountSummaryCommand({}));
  return (SummaryMap ?? {}) as Record<string, number>;
}

export async function getAlias(): Promise<string | undefined> {
  const { AccountAliases } = await iam().send(new ListAccountAliasesCommand({}));
  return AccountAliases?.[0];
}

export const setAlias = (AccountAlias: string) => iam().send(new CreateAccountAliasCommand({ AccountAlias }));

export const removeAlias = (AccountAlias: string) => iam().send(new DeleteAccountAliasCommand({ AccountAlias }));

/** Give the account's own rules for passwords; undefined while the AWS default applies. */
export async function getPasswordPolicy(): Promise<PasswordPolicy | undefined> {
  const found = await orIfMissing(iam().send(new GetAccountPasswordPolicyCommand({})), undefined);
  return found?.PasswordPolicy;
}

export const setPasswordPolicy = (rules: PasswordRules) => iam().send(new UpdateAccountPasswordPolicyCommand(rules));

export const removePasswordPolicy = () => iam().send(new DeleteAccountPasswordPolicyCommand({}));
