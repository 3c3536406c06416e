import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";
import { type Role, updateRole } from "../../api/roles";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { notify } from "../../shell/notices";

interface EditRoleDialogProps {
  role: Role;
  onSaved: () => void;
  onClose: () => void;
}

export function EditRoleDialog({ role, onSaved, onClose }: EditRoleDialogProps) {
  const [description, setDescription] = useState(role.Description ?? "");
  const [minutes, setMinutes] = useState(String((role.MaxSessionDuration ?? 3600) / 60));
  return (
    <ConfirmDialog
      title={`Edit ${role.RoleName}`}
      confirm="Save changes"
      onConfirm={async () => {
        await updateRole(role.RoleName!, description, Math.round(Number(minutes) * 60));
        notify("success", `Role ${role.RoleName} was saved.`);
        onSaved();
      }}
      onClose={onClose}
    >
      <FormField label="Description">
        <Input value={description} onChange={({ detail }) => setDescription(detail.value)} />
      </FormField>
      <FormField label="Maximum session duration, in minutes" constraintText="60 to 720">
        <Input type="number" value={minutes} onChange={({ detail }) => setMinutes(detail.value)} />
      </FormField>
    </ConfirmDialog>
  );
}
