import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";
import { changeOwnPassword } from "../../api/passwords";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { notify } from "../../shell/notices";

export function ChangePasswordDialog({ onClose }: { onClose: () => void }) {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  return (
    <ConfirmDialog
      title="Change password"
      confirm="Change password"
      onConfirm={async () => {
        if (next !== again) throw new Error("The new password and its confirmation are not the same.");
        await changeOwnPassword(current, next);
        notify("success", "Your password was changed.");
      }}
      onClose={onClose}
    >
      <FormField label="Current password">
        <Input type="password" value={current} onChange={({ detail }) => setCurrent(detail.value)} autoComplete="current-password" />
      </FormField>
      <FormField label="New password">
        <Input type="password" value={next} onChange={({ detail }) => setNext(detail.value)} autoComplete="new-password" />
      </FormField>
      <FormField label="Confirm new password" errorText={again !== "" && next !== again ? "The two are not the same." : undefined}>
        <Input type="password" value={again} onChange={({ detail }) => setAgain(detail.value)} autoComplete="new-password" />
      </FormField>
    </ConfirmDialog>
  );
}
