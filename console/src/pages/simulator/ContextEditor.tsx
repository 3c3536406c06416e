import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import type { ContextEntry } from "../../api/simulation";

export interface ContextDraft {
  key: string;
  type: string;
  values: string;
}

/** IAM's types of context keys; each has its list type beside it. */
const TYPES = ["string", "numeric", "boolean", "ip", "date", "binary"].flatMap((type) => [
  { value: type, label: type },
  { value: `${type}List`, label: `${type} list` },
]);

export const entriesOf = (drafts: ContextDraft[]): ContextEntry[] =>
  drafts
    .filter(({ key }) => key.trim() !== "")
    .map(({ key, type, values }) => ({
      ContextKeyName: key.trim(),
      ContextKeyType: type as NonNullable<ContextEntry["ContextKeyType"]>,
      ContextKeyValues: type.endsWith("List") ? values.split(",").map((value) => value.trim()) : [values.trim()],
    }));

interface ContextEditorProps {
  entries: ContextDraft[];
  onChange: (entries: ContextDraft[]) => void;
}

/** What a request's context says, for conditions. */
export function ContextEditor({ entries, onChange }: ContextEditorProps) {
  const set = (index: number, change: Partial<ContextDraft>) =>
    onChange(entries.map((entry, at) => (at === index ? { ...entry, ...change } : entry)));
  return (
    <FormField label="Context keys – optional" description="What conditions ask for, such as aws:SourceIp" stretch>
      <AttributeEditor
        items={entries}
        addButtonText="Add context key"
        removeButtonText="Remove"
        removeButtonAriaLabel={({ key }) => `Remove ${key}`}
        empty="No context keys."
        onAddButtonClick={() => onChange([...entries, { key: "", type: "string", values: "" }])}
        onRemoveButtonClick={({ detail }) => onChange(entries.filter((_, index) => index !== detail.itemIndex))}
        definition={[
          {
            label: "Key",
            control: ({ key }, index) => (
              <Input ariaLabel={`Context key ${index + 1}`} value={key} placeholder="aws:SourceIp" onChange={({ detail }) => set(index, { key: detail.value })} />
            ),
          },
          {
            label: "Type",
            control: ({ type }, index) => (
              <Select
                ariaLabel={`Type of context key ${index + 1}`}
                selectedOption={TYPES.find(({ value }) => value === type)!}
                options={TYPES}
                onChange={({ detail }) => set(index, { type: detail.selectedOption.value! })}
              />
            ),
          },
          {
            label: "Value",
            control: ({ values }, index) => (
              <Input ariaLabel={`Value of context key ${index + 1}`} value={values} onChange={({ detail }) => set(index, { values: detail.value })} />
            ),
          },
        ]}
      />
    </FormField>
  );
}
