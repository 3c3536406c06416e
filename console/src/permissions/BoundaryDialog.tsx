import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import type { Policy } from "../api/policies";
import { Problem } from "../parts/Problem";
import { useAction } from "../parts/useAction";
import { BoundaryPicker } from "./BoundaryPicker";

interface BoundaryDialogProps {
  name: string;
  onSet: (arn: string) => Promise<void>;
  onClose: () => void;
}

/** Choose the policy that bounds what a user or a role may do. */
export function BoundaryDialog({ name, onSet, onClose }: BoundaryDialogProps) {
  const action = useAction();
  const [chosen, setChosen] = useState<Policy>();
  const set = () =>
    action.run(async () => {
      await onSet(chosen!.Arn!);
      onClose();
    });
  return (
    <Modal
      visible
      size="large"
      header={`Set the permissions boundary of ${name}`}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              Cancel
            </Button>
            <Button variant="primary" disabled={chosen === undefined} loading={action.isBusy} onClick={set}>
              Set boundary
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {action.error !== undefined && <Problem error={action.error} what="Setting the boundary" />}
        <BoundaryPicker selected={chosen} onChange={setChosen} />
      </SpaceBetween>
    </Modal>
  );
}
