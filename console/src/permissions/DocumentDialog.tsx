import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { NEW_POLICY, pretty } from "../editor/documents";
import { PolicyEditor } from "../editor/PolicyEditor";
import { Problem } from "../parts/Problem";
import { useAction } from "../parts/useAction";
import { useRemote } from "../parts/useRemote";
import { Waiting } from "../parts/Waiting";

interface DocumentDialogProps {
  title: string;
  /** Where the document comes from; without it, it is a new one. */
  load?: () => Promise<string>;
  /** Ask for the new document's name. */
  isNamed?: boolean;
  /** Without it, the document is only shown. */
  onSave?: (document: string, name: string) => Promise<void>;
  onClose: () => void;
}

/** A policy document to be read, or to be written and saved. */
export function DocumentDialog({ title, load, isNamed = false, onSave, onClose }: DocumentDialogProps) {
  const action = useAction();
  const stored = useRemote(async () => (load === undefined ? NEW_POLICY : pretty(await load())), [title]);
  const [edited, setEdited] = useState<string>();
  const [name, setName] = useState("");
  const text = edited ?? stored.data;

  const save = () =>
    action.run(async () => {
      await onSave!(text ?? "", name.trim());
      onClose();
    });

  return (
    <Modal
      visible
      size="large"
      header={title}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant={onSave === undefined ? "primary" : "link"} onClick={onClose}>
              {onSave === undefined ? "Close" : "Cancel"}
            </Button>
            {onSave !== undefined && (
              <Button
                variant="primary"
                loading={action.isBusy}
                disabled={text === undefined || (isNamed && name.trim() === "")}
                onClick={save}
              >
                Save
              </Button>
            )}
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {action.error !== undefined && <Problem error={action.error} what="Saving" />}
        {isNamed && (
          <FormField label="Policy name">
            <Input value={name} onChange={({ detail }) => setName(detail.value)} spellcheck={false} />
          </FormField>
        )}
        {stored.error !== undefined && <Problem error={stored.error} what="Loading the policy" onRetry={stored.reload} />}
        {stored.isLoading && <Waiting what="the policy" />}
        {text !== undefined && (
          <PolicyEditor
            label={title}
            value={text}
            {...(onSave !== undefined && { onChange: setEdited })}
          />
        )}
      </SpaceBetween>
    </Modal>
  );
}
