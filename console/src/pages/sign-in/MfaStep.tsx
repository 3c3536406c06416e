import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type FormEvent, useState } from "react";
import type { SignInRequest } from "../../session/signIn";

interface MfaStepProps {
  isBusy: boolean;
  onEnter: (request: Partial<SignInRequest>) => Promise<void>;
  onBack: () => void;
}

/** The second question, for those with a device: the code that it shows. */
export function MfaStep({ isBusy, onEnter, onBack }: MfaStepProps) {
  const [code, setCode] = useState("");
  const [isChecked, setChecked] = useState(false);
  const isCode = /^\d{6}$/.test(code.trim());

  function submit(event: FormEvent): void {
    event.preventDefault();
    setChecked(true);
    if (isCode && !isBusy) void onEnter({ mfaCode: code.trim() });
  }

  return (
    <form onSubmit={submit}>
      <SpaceBetween size="m">
        <Box>Your account is secured with multi-factor authentication. Enter the code that your authenticator app shows.</Box>
        <FormField label="MFA code" errorText={isChecked && !isCode ? "Enter the six digits." : undefined} stretch>
          <Input value={code} onChange={({ detail }) => setCode(detail.value)} inputMode="numeric" autoComplete="one-time-code" autoFocus />
        </FormField>
        <Button variant="primary" fullWidth loading={isBusy} formAction="submit">
          Submit
        </Button>
        <Button variant="link" fullWidth formAction="none" onClick={onBack}>
          Back to sign in
        </Button>
      </SpaceBetween>
    </form>
  );
}
