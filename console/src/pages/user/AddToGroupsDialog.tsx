import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import type { Group } from "../../api/groups";
import { Problem } from "../../parts/Problem";
import { useAction } from "../../parts/useAction";
import { GroupPicker } from "../../permissions/GroupPicker";

interface AddToGroupsDialogProps {
  userName: string;
  without: string[];
  onAdd: (names: string[]) => Promise<void>;
  onClose: () => void;
}

export function AddToGroupsDialog({ userName, without, onAdd, onClose }: AddToGroupsDialogProps) {
  const action = useAction();
  const [selected, setSelected] = useState<Group[]>([]);
  const add = () =>
    action.run(async () => {
      await onAdd(selected.map(({ GroupName }) => GroupName!));
      onClose();
    });
  return (
    <Modal
      visible
      size="large"
      header={`Add ${userName} to groups`}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              Cancel
            </Button>
            <Button variant="primary" disabled={selected.length === 0} loading={action.isBusy} onClick={add}>
              Add to groups
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {action.error !== undefined && <Problem error={action.error} what="Adding" />}
        <GroupPicker selected={selected} onChange={setSelected} without={without} />
      </SpaceBetween>
    </Modal>
  );
}
