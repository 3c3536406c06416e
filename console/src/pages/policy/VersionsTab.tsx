import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";
import {
  deletePolicyVersion,
  getPolicyDocument,
  listPolicyVersions,
  type Policy,
  type PolicyVersion,
  setDefaultVersion,
} from "../../api/policies";
import { pretty } from "../../editor/documents";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { Diff } from "../../parts/Diff";
import { Problem } from "../../parts/Problem";
import { ResourceTable } from "../../parts/ResourceTable";
import { moment } from "../../parts/time";
import { useRemote } from "../../parts/useRemote";
import { Waiting } from "../../parts/Waiting";
import { notify } from "../../shell/notices";

interface VersionsTabProps {
  policy: Policy;
  isEditable: boolean;
  onChange: () => void;
}

/** The versions of a policy: compare, put into force, delete. */
export function VersionsTab({ policy, isEditable, onChange }: VersionsTabProps) {
  const arn = policy.Arn!;
  const versions = useRemote(() => listPolicyVersions(arn), [arn, policy.DefaultVersionId]);
  const [selected, setSelected] = useState<PolicyVersion[]>([]);
  const [open, setOpen] = useState<"compare" | "default" | "delete">();
  const [chosen] = selected;
  const id = chosen?.VersionId ?? "";
  const isOther = chosen !== undefined && !chosen.IsDefaultVersion;
  const close = () => setOpen(undefined);

  return (
    <>
      <ResourceTable<PolicyVersion>
        title="Policy versions"
        noun={["version", "versions"]}
        isShort
        remote={versions}
        idOf={({ VersionId }) => VersionId!}
        textOf={({ VersionId }) => VersionId!}
        selection={{ type: "single", items: selected, onChange: setSelected }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={!isOther} onClick={() => setOpen("compare")}>
              Compare with default
            </Button>
            {isEditable && (
              <Button disabled={!isOther} onClick={() => setOpen("delete")}>
                Delete
              </Button>
            )}
            {isEditable && (
              <Button disabled={!isOther} onClick={() => setOpen("default")}>
                Set as default
              </Button>
            )}
          </SpaceBetween>
        }
        columns={[
          { id: "id", header: "Version", cell: ({ VersionId }) => VersionId, isRowHeader: true },
          { id: "created", header: "Created", cell: ({ CreateDate }) => moment(CreateDate) },
          {
            id: "default",
            header: "Default version",
            cell: ({ IsDefaultVersion }) => (IsDefaultVersion ? <StatusIndicator type="success">Default</StatusIndicator> : "-"),
          },
        ]}
      />
      {open === "compare" && <Comparison arn={arn} from={policy.DefaultVersionId!} to={id} onClose={close} />}
      {open === "default" && (
        <ConfirmDialog
          title={`Set ${id} as default?`}
          confirm="Set as default"
          onConfirm={async () => {
            await setDefaultVersion(arn, id);
            notify("success", `${policy.PolicyName}: ${id} is in force.`);
            setSelected([]);
            onChange();
          }}
          onClose={close}
        >
          It decides at once for everybody who has this policy.
        </ConfirmDialog>
      )}
      {open === "delete" && (
        <ConfirmDialog
          title={`Delete ${id}?`}
          confirm="Delete"
          onConfirm={async () => {
            await deletePolicyVersion(arn, id);
            notify("success", `${policy.PolicyName}: ${id} was deleted.`);
            setSelected([]);
            versions.reload();
          }}
          onClose={close}
        >
          The version cannot be brought back.
        </ConfirmDialog>
      )}
    </>
  );
}

function Comparison({ arn, from, to, onClose }: { arn: string; from: string; to: string; onClose: () => void }) {
  const both = useRemote(
    async () => Promise.all([from, to].map(async (version) => pretty(await getPolicyDocument(arn, version)))),
    [arn, from, to],
  );
  return (
    <Modal visible size="large" header={`From ${from} (default) to ${to}`} onDismiss={onClose}>
      {both.error !== undefined && <Problem error={both.error} what="Loading the versions" onRetry={both.reload} />}
      {both.isLoading && <Waiting what="both versions" />}
      {both.data !== undefined && <Diff before={both.data[0]!} after={both.data[1]!} label={`From ${from} to ${to}`} />}
    </Modal>
  );
}
