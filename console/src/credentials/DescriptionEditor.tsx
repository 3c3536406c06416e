import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Box from "@cloudscape-design/components/box";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type KeyTag, MAX_DESCRIPTION, nameFault, valueFault, writeDescription } from "../api/keyDescription";

interface DescriptionEditorProps {
  tags: KeyTag[];
  onChange: (tags: KeyTag[]) => void;
}

const HINTS: Record<string, string> = {
  purpose: "CLI-Access, Development, Production, …",
  owner: "A user or a team",
  environment: "Dev, Staging or Prod",
  project: "Project or application",
  created: "Date of creation",
  expiry: "Planned date of rotation",
};

const othersOf = (tags: KeyTag[], index: number): string[] =>
  tags.flatMap(({ name }, at) => (at === index || name.trim() === "" ? [] : [name]));

/** Tell whether tags can be stored as they are. */
export const areTagsRight = (tags: KeyTag[]): boolean =>
  writeDescription(tags).length <= MAX_DESCRIPTION &&
  tags.every(
    ({ name, value }, index) =>
      nameFault(name, othersOf(tags, index)) === undefined &&
      valueFault(value) === undefined &&
      (value.trim() === "" || name.trim() !== ""),
  );

/** The description tags of a key: names and values; those without a value are not stored. */
export function DescriptionEditor({ tags, onChange }: DescriptionEditorProps) {
  const stored = writeDescription(tags);
  const set = (index: number, change: Partial<KeyTag>) =>
    onChange(tags.map((tag, at) => (at === index ? { ...tag, ...change } : tag)));
  return (
    <SpaceBetween size="s">
      <AttributeEditor
        items={tags}
        addButtonText="Add tag"
        removeButtonText="Remove"
        removeButtonAriaLabel={({ name }) => `Remove ${name}`}
        empty="There are no tags."
        onAddButtonClick={() => onChange([...tags, { name: "", value: "" }])}
        onRemoveButtonClick={({ detail }) => onChange(tags.filter((_, index) => index !== detail.itemIndex))}
        definition={[
          {
            label: "Tag",
            control: ({ name }, index) => (
              <Input ariaLabel={`Name of tag ${index + 1}`} value={name} onChange={({ detail }) => set(index, { name: detail.value })} />
            ),
            errorText: ({ name }, index) => nameFault(name, othersOf(tags, index)),
          },
          {
            label: "Value – optional",
            control: ({ name, value }, index) => (
              <Input
                ariaLabel={name === "" ? `Value of tag ${index + 1}` : name}
                value={value}
                placeholder={HINTS[name.toLowerCase()] ?? ""}
                onChange={({ detail }) => set(index, { value: detail.value })}
              />
            ),
            errorText: ({ value }) => valueFault(value),
          },
        ]}
      />
      <Box color={stored.length > MAX_DESCRIPTION ? "text-status-error" : "text-body-secondary"} fontSize="body-s">
        {stored === "" ? "No tag will be stored." : (
          <>
            Stored as <Box variant="code" fontSize="body-s">{stored}</Box>: {stored.length} of {MAX_DESCRIPTION} characters
          </>
        )}
      </Box>
    </SpaceBetween>
  );
}
