import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type FormEvent, useState } from "react";
import type { SignInRequest } from "../../session/signIn";

interface WhoStepProps {
  request: SignInRequest;
  isBusy: boolean;
  onEnter: (request: Partial<SignInRequest>) => Promise<void>;
}

/** The first question: an IAM user by account and name, or the root user by e-mail; and the password. */
export function WhoStep({ request, isBusy, onEnter }: WhoStepProps) {
  const [kind, setKind] = useState(request.email === undefined ? "user" : "root");
  const [account, setAccount] = useState(request.account ?? "");
  const [user, setUser] = useState(request.user ?? "");
  const [email, setEmail] = useState(request.email ?? "");
  const [password, setPassword] = useState("");
  const [isShown, setShown] = useState(false);
  const [isChecked, setChecked] = useState(false);

  const missing = (value: string, what: string) => (isChecked && value === "" ? `Enter your ${what}.` : undefined);

  function submit(event: FormEvent): void {
    event.preventDefault();
    setChecked(true);
    const needed = kind === "root" ? [email, password] : [account, user, password];
    if (isBusy || needed.some((value) => value === "")) return;
    const who =
      kind === "root"
        ? { account: null, email: email.trim(), user: undefined }
        : { account: account.trim(), user: user.trim(), email: undefined };
    void onEnter({ ...who, password, mfaCode: undefined, newPassword: undefined } as Partial<SignInRequest>);
  }

  return (
    <form onSubmit={submit}>
      <SpaceBetween size="m">
        <SegmentedControl
          label="User type"
          selectedId={kind}
          onChange={({ detail }) => setKind(detail.selectedId)}
          options={[
            { id: "user", text: "IAM user" },
            { id: "root", text: "Root user" },
          ]}
        />
        {kind === "root" ? (
          <FormField label="Root user email address" errorText={missing(email, "email address")} stretch>
            <Input value={email} onChange={({ detail }) => setEmail(detail.value)} type="email" inputMode="email" autoComplete="username" />
          </FormField>
        ) : (
          <SpaceBetween size="m">
            <FormField label="Account ID or account alias" errorText={missing(account, "account ID or alias")} stretch>
              <Input value={account} onChange={({ detail }) => setAccount(detail.value)} name="account" autoComplete="organization" />
            </FormField>
            <FormField label="IAM username" errorText={missing(user, "user name")} stretch>
              <Input value={user} onChange={({ detail }) => setUser(detail.value)} name="username" autoComplete="username" spellcheck={false} />
            </FormField>
          </SpaceBetween>
        )}
        <FormField label="Password" errorText={missing(password, "password")} stretch>
          <Input
            value={password}
            onChange={({ detail }) => setPassword(detail.value)}
            type={isShown ? "text" : "password"}
            name="password"
            autoComplete="current-password"
            spellcheck={false}
          />
        </FormField>
        <Checkbox checked={isShown} onChange={({ detail }) => setShown(detail.checked)}>
          Show password
        </Checkbox>
        <Button variant="primary" fullWidth loading={isBusy} formAction="submit">
          Sign in
        </Button>
      </SpaceBetween>
    </form>
  );
}
