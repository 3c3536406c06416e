import Button from "@cloudscape-design/components/button";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { deletePolicyAndVersions, isAwsManaged, listPolicies, type Policy } from "../../api/policies";
import { PoliciesHelp } from "../../help/PoliciesHelp";
import { AppButton } from "../../parts/AppButton";
import { AppLink } from "../../parts/AppLink";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { ResourceTable } from "../../parts/ResourceTable";
import { age } from "../../parts/time";
import { useRemote } from "../../parts/useRemote";
import { paths } from "../../paths";
import { notify } from "../../shell/notices";
import { usePage } from "../../shell/page";

const KINDS = [
  { value: "all", label: "All types" },
  { value: "aws", label: "AWS managed" },
  { value: "own", label: "Customer managed" },
  { value: "used", label: "Attached to somebody" },
] as const;
type Kind = (typeof KINDS)[number]["value"];

const isOfKind = ({ Arn, AttachmentCount }: Policy, kind: Kind): boolean =>
  kind === "all" || (kind === "used" ? (AttachmentCount ?? 0) > 0 : isAwsManaged(Arn!) === (kind === "aws"));

/** The managed policies: the account's own and AWS's. */
export function PoliciesPage() {
  usePage({
    title: "Policies",
    crumbs: [
      { text: "IAM", href: paths.dashboard },
      { text: "Policies", href: paths.policies },
    ],
    help: <PoliciesHelp />,
    contentType: "table",
  });
  const policies = useRemote(() => listPolicies("All"), []);
  const [kind, setKind] = useState<Kind>("all");
  const [selected, setSelected] = useState<Policy[]>([]);
  const [isDeleting, setDeleting] = useState(false);
  const [chosen] = selected;
  const isDeletable = chosen !== undefined && !isAwsManaged(chosen.Arn!);

  return (
    <>
      <ResourceTable<Policy>
        variant="full-page"
        headingTag="h1"
        title="Policies"
        noun={["policy", "policies"]}
        description="A policy is an object that defines permissions."
        remote={{ ...policies, data: policies.data?.filter((policy) => isOfKind(policy, kind)) }}
        idOf={({ Arn }) => Arn!}
        textOf={({ PolicyName, Description }) => `${PolicyName} ${Description ?? ""}`}
        selection={{ type: "single", items: selected, onChange: setSelected }}
        filters={
          <Select
            ariaLabel="Type of policy"
            selectedOption={KINDS.find(({ value }) => value === kind)!}
            options={[...KINDS]}
            onChange={({ detail }) => setKind(detail.selectedOption.value as Kind)}
          />
        }
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="refresh" ariaLabel="Refresh policies" loading={policies.isLoading} onClick={policies.reload} />
            <Button disabled={!isDeletable} onClick={() => setDeleting(true)}>
              Delete
            </Button>
            <AppButton variant="primary" href={paths.createPolicy}>
              Create policy
            </AppButton>
          </SpaceBetween>
        }
        columns={[
          {
            id: "name",
            header: "Policy name",
            cell: ({ PolicyName, Arn }) => <AppLink href={paths.policy(Arn!)}>{PolicyName}</AppLink>,
            sortingComparator: (a, b) => a.PolicyName!.localeCompare(b.PolicyName!),
            isRowHeader: true,
          },
          { id: "type", header: "Type", cell: ({ Arn }) => (isAwsManaged(Arn!) ? "AWS managed" : "Customer managed") },
          {
            id: "used",
            header: "Used as",
            cell: ({ AttachmentCount = 0, PermissionsBoundaryUsageCount = 0 }) =>
              [
                AttachmentCount > 0 ? `Permissions policy (${AttachmentCount})` : "",
                PermissionsBoundaryUsageCount > 0 ? `Boundary (${PermissionsBoundaryUsageCount})` : "",
              ]
                .filter((part) => part !== "")
                .join(", ") || "None",
            sortingComparator: (a, b) => (a.AttachmentCount ?? 0) - (b.AttachmentCount ?? 0),
          },
          {
            id: "updated",
            header: "Edited",
            cell: ({ UpdateDate }) => age(UpdateDate),
            sortingComparator: (a, b) => (a.UpdateDate?.getTime() ?? 0) - (b.UpdateDate?.getTime() ?? 0),
          },
          { id: "arn", header: "ARN", cell: ({ Arn }) => Arn, isHidden: true },
        ]}
      />
      {isDeleting && chosen !== undefined && (
        <ConfirmDialog
          title={`Delete ${chosen.PolicyName}?`}
          confirm="Delete"
          typed={chosen.PolicyName!}
          onConfirm={async () => {
            await deletePolicyAndVersions(chosen.Arn!);
            notify("success", `Policy ${chosen.PolicyName} was deleted.`);
            setSelected([]);
            policies.reload();
          }}
          onClose={() => setDeleting(false)}
        >
          Its versions go with it. A policy that is attached must be detached first.
        </ConfirmDialog>
      )}
    </>
  );
}
