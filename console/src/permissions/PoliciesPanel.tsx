import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { getPolicy, getPolicyDocument, isAwsManaged } from "../api/policies";
import { ConfirmDialog } from "../parts/ConfirmDialog";
import { type Column, ResourceTable } from "../parts/ResourceTable";
import { useRemote } from "../parts/useRemote";
import { notify } from "../shell/notices";
import { AttachPoliciesDialog } from "./AttachPoliciesDialog";
import type { PolicyBearer } from "./bearer";
import { DocumentDialog } from "./DocumentDialog";

interface BornePolicy {
  name: string;
  /** undefined for an inline policy. */
  arn?: string;
}

type Open = { what: "attach" } | { what: "inline"; name?: string } | { what: "view"; policy: BornePolicy };

const kindOf = ({ arn }: BornePolicy): string =>
  arn === undefined ? "Inline" : isAwsManaged(arn) ? "AWS managed" : "Customer managed";

async function documentOf(bearer: PolicyBearer, { name, arn }: BornePolicy): Promise<string> {
  if (arn === undefined) return bearer.getInline(name);
  return getPolicyDocument(arn, (await getPolicy(arn)).DefaultVersionId!);
}

/** The policies of a user, a group or a role: managed ones attached, and its own. */
export function PoliciesPanel({ bearer }: { bearer: PolicyBearer }) {
  const remote = useRemote(async (): Promise<BornePolicy[]> => {
    const [attached, inline] = await Promise.all([bearer.listAttachments(), bearer.listInlineNames()]);
    return [
      ...attached.map(({ PolicyName, PolicyArn }) => ({ name: PolicyName!, arn: PolicyArn! })),
      ...inline.map((name) => ({ name })),
    ];
  }, [bearer.kind, bearer.name]);
  const [selected, setSelected] = useState<BornePolicy[]>([]);
  const [open, setOpen] = useState<Open>();
  const [isRemoving, setRemoving] = useState(false);

  function reload(): void {
    setSelected([]);
    remote.reload();
  }

  async function removeSelected(): Promise<void> {
    try {
      for (const { name, arn } of selected) await (arn === undefined ? bearer.deleteInline(name) : bearer.detach(arn));
      notify("success", `${selected.length === 1 ? selected[0]!.name : `${selected.length} policies`} removed from ${bearer.name}.`);
    } finally {
      reload();
    }
  }

  const columns: Column<BornePolicy>[] = [
    {
      id: "name",
      header: "Policy name",
      cell: (policy) => (
        <Link
          onFollow={() => setOpen(policy.arn === undefined ? { what: "inline", name: policy.name } : { what: "view", policy })}
        >
          {policy.name}
        </Link>
      ),
      sortingField: "name",
      isRowHeader: true,
    },
    { id: "kind", header: "Type", cell: kindOf, sortingComparator: (a, b) => kindOf(a).localeCompare(kindOf(b)) },
  ];

  return (
    <>
      <ResourceTable<BornePolicy>
        title="Permissions policies"
        noun={["policy", "policies"]}
        remote={remote}
        columns={columns}
        idOf={({ name, arn }) => arn ?? name}
        textOf={({ name }) => name}
        selection={{ type: "multi", items: selected, onChange: setSelected }}
        empty={`This ${bearer.kind} has no policies of its own.`}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="refresh" ariaLabel="Refresh policies" onClick={reload} />
            <Button disabled={selected.length === 0} onClick={() => setRemoving(true)}>
              Remove
            </Button>
            <ButtonDropdown
              items={[
                { id: "attach", text: "Attach policies" },
                { id: "inline", text: "Create inline policy" },
              ]}
              onItemClick={({ detail }) => setOpen(detail.id === "attach" ? { what: "attach" } : { what: "inline" })}
            >
              Add permissions
            </ButtonDropdown>
          </SpaceBetween>
        }
      />
      {open?.what === "attach" && (
        <AttachPoliciesDialog bearer={bearer} onClose={() => setOpen(undefined)} onAttached={reload} />
      )}
      {open?.what === "view" && (
        <DocumentDialog
          title={open.policy.name}
          load={() => documentOf(bearer, open.policy)}
          onClose={() => setOpen(undefined)}
        />
      )}
      {open?.what === "inline" && (
        <DocumentDialog
          title={open.name === undefined ? `Create inline policy for ${bearer.name}` : `Edit inline policy ${open.name}`}
          {...(open.name !== undefined && { load: () => bearer.getInline(open.name!) })}
          isNamed={open.name === undefined}
          onSave={async (document, name) => {
            await bearer.putInline(open.name ?? name, document);
            notify("success", `Policy ${open.name ?? name} saved.`);
            reload();
          }}
          onClose={() => setOpen(undefined)}
        />
      )}
      {isRemoving && (
        <ConfirmDialog
          title={`Remove ${selected.length === 1 ? selected[0]!.name : `${selected.length} policies`}?`}
          confirm="Remove"
          onConfirm={removeSelected}
          onClose={() => setRemoving(false)}
        >
          Managed policies are detached and stay in the account. Inline policies are deleted. {bearer.name} loses what
          they allow at once.
        </ConfirmDialog>
      )}
    </>
  );
}
