import FormField from "@cloudscape-design/components/form-field";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { listGroups } from "../../api/groups";
import { listRoles } from "../../api/roles";
import type { SimulationSource } from "../../api/simulation";
import { listUsers } from "../../api/users";
import { NEW_POLICY } from "../../editor/documents";
import { PolicyEditor } from "../../editor/PolicyEditor";
import { Problem } from "../../parts/Problem";
import { useRemote } from "../../parts/useRemote";

type Kind = SimulationSource["kind"];

const KINDS: { id: Kind; text: string }[] = [
  { id: "user", text: "User" },
  { id: "group", text: "User group" },
  { id: "role", text: "Role" },
  { id: "custom", text: "Pasted policy" },
];

interface Named {
  name: string;
  arn: string;
}

const LISTS: Record<Exclude<Kind, "custom">, () => Promise<Named[]>> = {
  user: async () => (await listUsers()).map(({ UserName, Arn }) => ({ name: UserName!, arn: Arn! })),
  group: async () => (await listGroups()).map(({ GroupName, Arn }) => ({ name: GroupName!, arn: Arn! })),
  role: async () => (await listRoles()).map(({ RoleName, Arn }) => ({ name: RoleName!, arn: Arn! })),
};

/** The choice of whose policies are asked. */
export function SourcePicker({ onChange }: { onChange: (source: SimulationSource | undefined) => void }) {
  const [kind, setKind] = useState<Kind>("user");
  const [chosen, setChosen] = useState<Named>();
  const [document, setDocument] = useState(NEW_POLICY);
  const list = useRemote(async () => (kind === "custom" ? [] : LISTS[kind]()), [kind]);

  function chooseKind(next: Kind): void {
    setKind(next);
    setChosen(undefined);
    onChange(next === "custom" ? { kind: next, document } : undefined);
  }

  return (
    <SpaceBetween size="m">
      <SegmentedControl
        label="Policies to simulate"
        selectedId={kind}
        options={KINDS}
        onChange={({ detail }) => chooseKind(detail.selectedId as Kind)}
      />
      {list.error !== undefined && <Problem error={list.error} what="Listing" onRetry={list.reload} />}
      {kind === "custom" ? (
        <PolicyEditor
          label="Policy to simulate"
          value={document}
          onChange={(text) => {
            setDocument(text);
            onChange({ kind, document: text });
          }}
        />
      ) : (
        <FormField label={KINDS.find(({ id }) => id === kind)!.text}>
          <Select
            selectedOption={chosen === undefined ? null : { value: chosen.arn, label: chosen.name }}
            options={(list.data ?? []).map(({ name, arn }) => ({ value: arn, label: name }))}
            filteringType="auto"
            placeholder="Choose"
            empty="There is none"
            statusType={list.isLoading ? "loading" : "finished"}
            onChange={({ detail }) => {
              const { label = "", value = "" } = detail.selectedOption;
              setChosen({ name: label, arn: value });
              onChange({ kind, name: label, arn: value });
            }}
          />
        </FormField>
      )}
    </SpaceBetween>
  );
}
