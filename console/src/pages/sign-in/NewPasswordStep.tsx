import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type FormEvent, useState } from "react";
import type { SignInRequest } from "../../session/signIn";

interface NewPasswordStepProps {
  isBusy: boolean;
  /** Whether the server has refused one. */
  isRefused: boolean;
  onEnter: (request: Partial<SignInRequest>) => Promise<void>;
  onBack: () => void;
}

/** What is asked of a person whose password somebody else has set. */
export function NewPasswordStep({ isBusy, isRefused, onEnter, onBack }: NewPasswordStepProps) {
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [isChecked, setChecked] = useState(false);

  function submit(event: FormEvent): void {
    event.preventDefault();
    setChecked(true);
    if (password !== "" && password === again && !isBusy) void onEnter({ newPassword: password });
  }

  return (
    <form onSubmit={submit}>
      <SpaceBetween size="m">
        <Box>Your administrator asks you to choose a password of your own before you go on.</Box>
        <FormField label="New password" errorText={isChecked && password === "" ? "Enter a new password." : undefined} stretch>
          <Input value={password} onChange={({ detail }) => setPassword(detail.value)} type="password" autoComplete="new-password" autoFocus />
        </FormField>
        <FormField label="Confirm new password" errorText={isChecked && password !== again ? "The two are not the same." : undefined} stretch>
          <Input value={again} onChange={({ detail }) => setAgain(detail.value)} type="password" autoComplete="new-password" />
        </FormField>
        <Button variant="primary" fullWidth loading={isBusy} formAction="submit">
          Confirm password change
        </Button>
        {isRefused && (
          <Box color="text-body-secondary">
            If no password is accepted, ask your administrator to let you change it (the permission iam:ChangePassword,
            as in the policy IAMUserChangePassword), or to set one that you need not change.
          </Box>
        )}
        <Button variant="link" fullWidth formAction="none" onClick={onBack} disabled={isBusy}>
          Back to sign in
        </Button>
      </SpaceBetween>
    </form>
  );
}
