import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";
import { Problem } from "../parts/Problem";
import { ConfirmDialog } from "../parts/ConfirmDialog";
import { ResourceTable } from "../parts/ResourceTable";
import { age } from "../parts/time";
import { useAction } from "../parts/useAction";
import { useRemote } from "../parts/useRemote";
import { notify } from "../shell/notices";
import { UploadDialog } from "./UploadDialog";

export interface StatusItem {
  id: string;
  isActive: boolean;
  uploadedAt: Date | undefined;
}

interface StatusListSectionProps {
  title: string;
  noun: [string, string];
  owner: string;
  list: () => Promise<StatusItem[]>;
  upload: (text: string) => Promise<unknown>;
  setStatus: (id: string, status: "Active" | "Inactive") => Promise<unknown>;
  remove: (id: string) => Promise<unknown>;
  uploadLabel: string;
  placeholder: string;
}

/** Credentials that are uploaded, may be inactive, and may be deleted: SSH keys and certificates. */
export function StatusListSection(props: StatusListSectionProps) {
  const { title, noun } = props;
  const items = useRemote(props.list, [props.owner, title]);
  const action = useAction();
  const [selected, setSelected] = useState<StatusItem[]>([]);
  const [open, setOpen] = useState<"upload" | "delete">();
  const [chosen] = selected;

  function reload(): void {
    setSelected([]);
    items.reload();
  }

  const toggle = () =>
    action.run(async () => {
      await props.setStatus(chosen!.id, chosen!.isActive ? "Inactive" : "Active");
      notify("success", `${chosen!.id} is ${chosen!.isActive ? "inactive" : "active"} now.`);
      reload();
    });

  return (
    <SpaceBetween size="s">
      {action.error !== undefined && <Problem error={action.error} what="The change" />}
      <ResourceTable<StatusItem>
        title={title}
        noun={noun}
        remote={items}
        isShort
        idOf={({ id }) => id}
        textOf={({ id }) => id}
        selection={{ type: "single", items: selected, onChange: setSelected }}
        empty={`There are no ${noun[1]}.`}
        columns={[
          { id: "id", header: "ID", cell: ({ id }) => id, isRowHeader: true },
          { id: "uploaded", header: "Uploaded", cell: ({ uploadedAt }) => age(uploadedAt) },
          {
            id: "status",
            header: "Status",
            cell: ({ isActive }) => <StatusIndicator type={isActive ? "success" : "stopped"}>{isActive ? "Active" : "Inactive"}</StatusIndicator>,
          },
        ]}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={chosen === undefined} loading={action.isBusy} onClick={toggle}>
              {chosen?.isActive === false ? "Activate" : "Deactivate"}
            </Button>
            <Button disabled={chosen === undefined} onClick={() => setOpen("delete")}>
              Delete
            </Button>
            <Button onClick={() => setOpen("upload")}>Upload {noun[0]}</Button>
          </SpaceBetween>
        }
      />
      {open === "upload" && (
        <UploadDialog
          title={`Upload ${noun[0]}`}
          label={props.uploadLabel}
          placeholder={props.placeholder}
          onUpload={async (text) => {
            await props.upload(text);
            notify("success", `The ${noun[0]} was uploaded.`);
            reload();
          }}
          onClose={() => setOpen(undefined)}
        />
      )}
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
