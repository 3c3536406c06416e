import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { type PasswordPolicy, setPasswordPolicy } from "../../api/account";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { notify } from "../../shell/notices";

interface PasswordPolicyDialogProps {
  policy: PasswordPolicy | undefined;
  onSaved: () => void;
  onClose: () => void;
}

const SWITCHES = [
  { key: "RequireUppercaseCharacters", label: "Require an upper-case letter" },
  { key: "RequireLowercaseCharacters", label: "Require a lower-case letter" },
  { key: "RequireNumbers", label: "Require a digit" },
  { key: "RequireSymbols", label: "Require a symbol" },
  { key: "AllowUsersToChangePassword", label: "Allow users to change their own password" },
  { key: "HardExpiry", label: "An expired password can only be renewed by an administrator" },
] as const;
type Switch = (typeof SWITCHES)[number]["key"];

/** The rules of the account's passwords. An empty number means that there is no such rule. */
export function PasswordPolicyDialog({ policy, onSaved, onClose }: PasswordPolicyDialogProps) {
  const [length, setLength] = useState(String(policy?.MinimumPasswordLength ?? 14));
  const [maxAge, setMaxAge] = useState(policy?.ExpirePasswords ? String(policy.MaxPasswordAge) : "");
  const [reuse, setReuse] = useState(String(policy?.PasswordReusePrevention ?? ""));
  const [switches, setSwitches] = useState<Record<Switch, boolean>>({
    RequireUppercaseCharacters: policy?.RequireUppercaseCharacters ?? true,
    RequireLowercaseCharacters: policy?.RequireLowercaseCharacters ?? true,
    RequireNumbers: policy?.RequireNumbers ?? true,
    RequireSymbols: policy?.RequireSymbols ?? true,
    AllowUsersToChangePassword: policy?.AllowUsersToChangePassword ?? true,
    HardExpiry: policy?.HardExpiry ?? false,
  });

  return (
    <ConfirmDialog
      title="Edit password policy"
      confirm="Save changes"
      onConfirm={async () => {
        await setPasswordPolicy({
          ...switches,
          MinimumPasswordLength: Number(length),
          ...(maxAge.trim() !== "" && { MaxPasswordAge: Number(maxAge) }),
          ...(reuse.trim() !== "" && { PasswordReusePrevention: Number(reuse) }),
        });
        notify("success", "The password policy was saved. It holds for passwords that are set from now on.");
        onSaved();
      }}
      onClose={onClose}
    >
      <FormField label="Minimum length" constraintText="6 to 128">
        <Input type="number" value={length} onChange={({ detail }) => setLength(detail.value)} />
      </FormField>
      <FormField label="Expires after so many days – optional" constraintText="1 to 1095; empty: never">
        <Input type="number" value={maxAge} onChange={({ detail }) => setMaxAge(detail.value)} />
      </FormField>
      <FormField label="Password reuse prevention – optional" constraintText="How many earlier passwords cannot be used again: 1 to 24; empty: none">
        <Input type="number" value={reuse} onChange={({ detail }) => setReuse(detail.value)} />
      </FormField>
      <SpaceBetween size="xs">
        {SWITCHES.map(({ key, label }) => (
          <Checkbox key={key} checked={switches[key]} onChange={({ detail }) => setSwitches({ ...switches, [key]: detail.checked })}>
            {label}
          </Checkbox>
        ))}
      </SpaceBetween>
    </ConfirmDialog>
  );
}
