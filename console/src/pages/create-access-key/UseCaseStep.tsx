import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { USE_CASES } from "./useCases";

export interface UseCaseChoice {
  id: string;
  isUnderstood: boolean;
}

interface UseCaseStepProps {
  choice: UseCaseChoice;
  /** Whether what is missing is to be pointed out. */
  isChecked: boolean;
  onChange: (choice: UseCaseChoice) => void;
}

/** The first step: what the key is for, and what would serve better. */
export function UseCaseStep({ choice, isChecked, onChange }: UseCaseStepProps) {
  const chosen = USE_CASES.find(({ id }) => id === choice.id);
  return (
    <Container header={<Header variant="h2">Use case</Header>}>
      <SpaceBetween size="l">
        <FormField errorText={isChecked && chosen === undefined ? "Choose a use case." : undefined} stretch>
          <RadioGroup
            ariaLabel="Use case"
            ariaRequired
            value={choice.id}
            onChange={({ detail }) => onChange({ id: detail.value, isUnderstood: false })}
            items={USE_CASES.map(({ id, label, description }) => ({ value: id, label, description }))}
          />
        </FormField>
        {chosen !== undefined && (
          <SpaceBetween size="m">
            <Alert type={chosen.id === "other" ? "info" : "warning"} header="Alternatives recommended">
              <Box>{chosen.advice}</Box>
              <ul>
                {chosen.alternatives.map((alternative) => (
                  <li key={alternative}>{alternative}</li>
                ))}
              </ul>
            </Alert>
            <FormField
              label="Confirmation"
              errorText={isChecked && !choice.isUnderstood ? "Confirm that you have read the recommendation." : undefined}
              stretch
            >
              <Checkbox
                checked={choice.isUnderstood}
                onChange={({ detail }) => onChange({ ...choice, isUnderstood: detail.checked })}
              >
                I understand the above recommendation and want to proceed to create an access key.
              </Checkbox>
            </FormField>
          </SpaceBetween>
        )}
      </SpaceBetween>
    </Container>
  );
}
