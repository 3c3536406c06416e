import Checkbox from "@cloudscape-design/components/checkbox";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { BoundaryPicker } from "./BoundaryPicker";
import { type BoundaryChoice, boundaryMeaning, boundaryOf, lacksBoundary } from "./boundaryChoice";

interface BoundarySectionProps {
  kind: "user" | "role";
  choice: BoundaryChoice;
  onChange: (choice: BoundaryChoice) => void;
  /** Say what is missing, once somebody has tried to go on without it. */
  isChecked: boolean;
}

/** The boundary of a user or a role that is about to be made. */
export function BoundarySection({ kind, choice, onChange, isChecked }: BoundarySectionProps) {
  const [isOpen, setOpen] = useState(choice.isWanted);
  const isMissing = isChecked && lacksBoundary(choice);
  const chosen = boundaryOf(choice);
  return (
    <ExpandableSection
      variant="container"
      headingTagOverride="h2"
      headerText={<>Set permissions boundary - <i>optional</i></>}
      headerDescription={chosen === undefined ? boundaryMeaning(kind) : `${chosen.PolicyName}. ${boundaryMeaning(kind)}`}
      expanded={isOpen || isMissing}
      onChange={({ detail }) => setOpen(detail.expanded)}
    >
      <SpaceBetween size="m">
        <FormField errorText={isMissing ? "Choose a policy below, or do without a boundary." : undefined}>
          <Checkbox checked={choice.isWanted} onChange={({ detail }) => onChange({ ...choice, isWanted: detail.checked })}>
            Use a permissions boundary to control the maximum {kind} permissions
          </Checkbox>
        </FormField>
        {choice.isWanted && (
          <BoundaryPicker selected={choice.policy} onChange={(policy) => onChange({ ...choice, policy })} />
        )}
      </SpaceBetween>
    </ExpandableSection>
  );
}
