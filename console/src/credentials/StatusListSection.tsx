import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { type ReactNode, useState } from "react";
import { ConfirmDialog } from "../parts/ConfirmDialog";
import { Problem } from "../parts/Problem";
import { type Column, ResourceTable } from "../parts/ResourceTable";
import { useAction } from "../parts/useAction";
import { useRemote } from "../parts/useRemote";
import { notify } from "../shell/notices";

export interface StatusItem {
  id: string;
  status: "Active" | "Inactive" | "Expired";
}

export interface ItemDialogProps {
  onDone: () => void;
  onClose: () => void;
}

interface StatusListSectionProps<T extends StatusItem> {
  title: string;
  noun: [string, string];
  owner: string;
  list: () => Promise<T[]>;
  columns: Column<T>[];
  setStatus: (id: string, status: "Active" | "Inactive") => Promise<unknown>;
  remove: (id: string) => Promise<unknown>;
  /** What one of them is made or brought in with. */
  add: { label: string; dialog: (props: ItemDialogProps) => ReactNode };
  /** What else can be done with one of them. */
  more?: { label: string; dialog: (item: T, props: ItemDialogProps) => ReactNode };
}

/** Credentials of which there are a few, that may be inactive, and may be deleted. */
export function StatusListSection<T extends StatusItem>(props: StatusListSectionProps<T>) {
  const { title, noun, add, more } = props;
  const items = useRemote(props.list, [props.owner, title]);
  const action = useAction();
  const [selected, setSelected] = useState<T[]>([]);
  const [open, setOpen] = useState<"add" | "more" | "delete">();
  const [chosen] = selected;
  const dialog: ItemDialogProps = { onDone: reload, onClose: () => setOpen(undefined) };

  function reload(): void {
    setSelected([]);
    items.reload();
  }

  const toggle = ({ id, status }: T) =>
    action.run(async () => {
      await props.setStatus(id, status === "Active" ? "Inactive" : "Active");
      notify("success", `${id} is ${status === "Active" ? "inactive" : "active"} now.`);
      reload();
    });

  return (
    <SpaceBetween size="s">
      {action.error !== undefined && <Problem error={action.error} what="The change" />}
      <ResourceTable<T>
        title={title}
        noun={noun}
        remote={items}
        isShort
        idOf={({ id }) => id}
        textOf={({ id }) => id}
        selection={{ type: "single", items: selected, onChange: setSelected }}
        empty={`There are no ${noun[1]}.`}
        columns={[...props.columns, { id: "status", header: "Status", cell: ({ status }) => <Status of={status} /> }]}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button
              disabled={chosen === undefined || chosen.status === "Expired"}
              loading={action.isBusy}
              onClick={() => toggle(chosen!)}
            >
              {chosen?.status === "Inactive" ? "Activate" : "Deactivate"}
            </Button>
            {more !== undefined && (
              <Button disabled={chosen === undefined} onClick={() => setOpen("more")}>
                {more.label}
              </Button>
            )}
            <Button disabled={chosen === undefined} onClick={() => setOpen("delete")}>
              Delete
            </Button>
            <Button onClick={() => setOpen("add")}>{add.label}</Button>
          </SpaceBetween>
        }
      />
      {open === "add" && add.dialog(dialog)}
      {open === "more" && chosen !== undefined && more?.dialog(chosen, dialog)}
      {open === "delete" && chosen !== undefined && (
        <ConfirmDialog
          title={`Delete ${chosen.id}?`}
          confirm="Delete"
          onConfirm={async () => {
            await props.remove(chosen.id);
            notify("success", `${chosen.id} was deleted.`);
            reload();
          }}
          onClose={() => setOpen(undefined)}
        >
          What uses it stops working at once.
        </ConfirmDialog>
      )}
    </SpaceBetween>
  );
}

function Status({ of: status }: { of: StatusItem["status"] }) {
  return <StatusIndicator type={status === "Active" ? "success" : "stopped"}>{status}</StatusIndicator>;
}
