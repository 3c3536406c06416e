import type { Policy } from "../api/policies";
import { PolicyPicker } from "./PolicyPicker";

interface BoundaryPickerProps {
  selected: Policy | undefined;
  onChange: (policy: Policy | undefined) => void;
}

/** The choice of the one policy that bounds what a user or a role may do. */
export function BoundaryPicker({ selected, onChange }: BoundaryPickerProps) {
  return (
    <PolicyPicker
      type="single"
      title="Boundary policies"
      noun={["boundary policy", "boundary policies"]}
      variant="borderless"
      selected={selected === undefined ? [] : [selected]}
      onChange={([policy]) => onChange(policy)}
    />
  );
}
