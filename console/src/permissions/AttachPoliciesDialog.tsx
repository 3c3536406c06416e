import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import type { Policy } from "../api/policies";
import { Problem } from "../parts/Problem";
import { useAction } from "../parts/useAction";
import { notify } from "../shell/notices";
import type { PolicyBearer } from "./bearer";
import { PolicyPicker } from "./PolicyPicker";

interface AttachPoliciesDialogProps {
  bearer: PolicyBearer;
  onClose: () => void;
  onAttached: () => void;
}

/** Attach managed policies to a user, a group or a role. */
export function AttachPoliciesDialog({ bearer, onClose, onAttached }: AttachPoliciesDialogProps) {
  const action = useAction();
  const [selected, setSelected] = useState<Policy[]>([]);

  const attach = () =>
    action.run(async () => {
      try {
        for (const { Arn } of selected) await bearer.attach(Arn!);
      } finally {
        onAttached();
      }
      notify("success", `${selected.length === 1 ? selected[0]!.PolicyName : `${selected.length} policies`} attached to ${bearer.name}.`);
      onClose();
    });

  return (
    <Modal
      visible
      size="large"
      header={`Attach policies to ${bearer.name}`}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              Cancel
            </Button>
            <Button variant="primary" disabled={selected.length === 0} loading={action.isBusy} onClick={attach}>
              Attach policies
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {action.error !== undefined && <Problem error={action.error} what="Attaching" />}
        <PolicyPicker selected={selected} onChange={setSelected} />
      </SpaceBetween>
    </Modal>
  );
}
