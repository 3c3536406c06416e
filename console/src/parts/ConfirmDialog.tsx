import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { Problem } from "./Problem";
import { useAction } from "./useAction";

interface ConfirmDialogProps {
  title: string;
  confirm: string;
  /** What has to be typed first, for what cannot be taken back. */
  typed?: string;
  /** Whether what was entered can be sent. */
  isValid?: boolean;
  /** What is confirmed shows something in its place. */
  staysOpen?: boolean;
  children: ReactNode;
  onConfirm: () => Promise<void>;
  onClose: () => void;
}

/** A question before something happens; it stays open while that runs, and shows what goes wrong. */
export function ConfirmDialog({ title, confirm, typed, isValid = true, staysOpen = false, children, onConfirm, onClose }: ConfirmDialogProps) {
  const action = useAction();
  const form = useId();
  const [entered, setEntered] = useState("");
  const isReady = isValid && (typed === undefined || entered.trim() === typed);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!isReady || action.isBusy) return;
    void action.run(async () => {
      await onConfirm();
      if (!staysOpen) onClose();
    });
  }

  return (
    <Modal
      visible
      header={title}
      onDismiss={() => !action.isBusy && onClose()}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose} disabled={action.isBusy}>
              Cancel
            </Button>
            <Button variant="primary" form={form} formAction="submit" loading={action.isBusy} disabled={!isReady}>
              {confirm}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form id={form} onSubmit={submit}>
        <SpaceBetween size="m">
          {action.error !== undefined && <Problem error={action.error} what={title} />}
          {children}
          {typed !== undefined && (
            <FormField label={`To confirm, enter ${typed}`}>
              <Input value={entered} onChange={({ detail }) => setEntered(detail.value)} placeholder={typed} autoComplete={false} spellcheck={false} />
            </FormField>
          )}
        </SpaceBetween>
      </form>
    </Modal>
  );
}
