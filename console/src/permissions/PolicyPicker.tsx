import Select from "@cloudscape-design/components/select";
import type { TableProps } from "@cloudscape-design/components/table";
import { useState } from "react";
import { isAwsManaged, listPolicies, type Policy } from "../api/policies";
import { ResourceTable } from "../parts/ResourceTable";
import { useRemote } from "../parts/useRemote";

interface PolicyPickerProps {
  selected: Policy[];
  onChange: (policies: Policy[]) => void;
  title?: string;
  /** One of them and several: two choices on one page are told apart by it. */
  noun?: [string, string];
  /** ARNs that are not offered. */
  without?: string[];
  type?: "single" | "multi";
  variant?: TableProps.Variant;
  /** The level below the heading that it stands under. */
  headingTag?: "h2" | "h3";
}

const KINDS = [
  { value: "All", label: "All types" },
  { value: "AWS", label: "AWS managed" },
  { value: "Local", label: "Customer managed" },
] as const;

/** The choice among all managed policies. */
export function PolicyPicker({
  selected,
  onChange,
  title = "Policies",
  noun = ["policy", "policies"],
  without = [],
  type = "multi",
  variant = "container",
  headingTag = "h3",
}: PolicyPickerProps) {
  const [kind, setKind] = useState<(typeof KINDS)[number]["value"]>("All");
  const policies = useRemote(() => listPolicies("All"), []);
  const shown = policies.data?.filter(
    ({ Arn }) => !without.includes(Arn!) && (kind === "All" || isAwsManaged(Arn!) === (kind === "AWS")),
  );
  return (
    <ResourceTable<Policy>
      title={title}
      headingTag={headingTag}
      noun={noun}
      variant={variant}
      pageSize={10}
      remote={{ ...policies, data: shown }}
      selection={{ type, items: selected, onChange }}
      idOf={({ Arn }) => Arn!}
      textOf={({ PolicyName }) => PolicyName!}
      filters={
        <Select
          ariaLabel={`Type of ${noun[0]}`}
          selectedOption={KINDS.find(({ value }) => value === kind)!}
          options={[...KINDS]}
          onChange={({ detail }) => setKind(detail.selectedOption.value as typeof kind)}
        />
      }
      columns={[
        {
          id: "name",
          header: "Policy name",
          cell: ({ PolicyName }) => PolicyName,
          sortingComparator: (a, b) => a.PolicyName!.localeCompare(b.PolicyName!),
          isRowHeader: true,
        },
        { id: "type", header: "Type", cell: ({ Arn }) => (isAwsManaged(Arn!) ? "AWS managed" : "Customer managed") },
        { id: "attached", header: "Attached entities", cell: ({ AttachmentCount }) => AttachmentCount ?? 0 },
      ]}
    />
  );
}
