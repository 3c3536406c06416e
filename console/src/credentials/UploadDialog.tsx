import FormField from "@cloudscape-design/components/form-field";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";
import { ConfirmDialog } from "../parts/ConfirmDialog";

interface UploadDialogProps {
  title: string;
  label: string;
  placeholder: string;
  onUpload: (text: string) => Promise<void>;
  onClose: () => void;
}

/** Take in a public key or a certificate as text. */
export function UploadDialog({ title, label, placeholder, onUpload, onClose }: UploadDialogProps) {
  const [text, setText] = useState("");
  return (
    <ConfirmDialog title={title} confirm="Upload" onConfirm={() => onUpload(text.trim())} onClose={onClose}>
      <FormField label={label}>
        <Textarea value={text} onChange={({ detail }) => setText(detail.value)} placeholder={placeholder} rows={8} spellcheck={false} />
      </FormField>
    </ConfirmDialog>
  );
}
