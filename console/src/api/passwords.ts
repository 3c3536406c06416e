import { ChangePasswordCommand } from "@aws-sdk/client-iam";
import { iam } from "./iamClient";

/** Change the password of the person who asks. */
export const changeOwnPassword = (OldPassword: string, NewPassword: string) =>
  iam().send(new ChangePasswordCommand({ OldPassword, NewPassword }));
