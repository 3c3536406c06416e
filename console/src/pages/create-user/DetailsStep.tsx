import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type PasswordChoice, PasswordFields } from "../../credentials/PasswordFields";

export interface UserDraft {
  name: string;
  path: string;
  hasConsole: boolean;
  password: PasswordChoice;
}

interface DetailsStepProps {
  draft: UserDraft;
  onChange: (draft: UserDraft) => void;
  nameError: string | undefined;
  passwordError: string | undefined;
}

export function DetailsStep({ draft, onChange, nameError, passwordError }: DetailsStepProps) {
  return (
    <Container header={<Header variant="h2">User details</Header>}>
      <SpaceBetween size="l">
        <FormField
          label="User name"
          errorText={nameError}
          constraintText="Up to 64 characters: A–Z, a–z, 0–9, and + = , . @ _ -"
        >
          <Input value={draft.name} onChange={({ detail }) => onChange({ ...draft, name: detail.value })} spellcheck={false} autoComplete={false} />
        </FormField>
        <FormField label="Path – optional" constraintText="Sorts users into folders, for policies: /team/">
          <Input value={draft.path} onChange={({ detail }) => onChange({ ...draft, path: detail.value })} spellcheck={false} />
        </FormField>
        <Checkbox
          checked={draft.hasConsole}
          onChange={({ detail }) => onChange({ ...draft, hasConsole: detail.checked })}
          description="The CLI does not need it: access keys are made on the user's page."
        >
          Provide user access to this console – optional
        </Checkbox>
        {draft.hasConsole && (
          <PasswordFields choice={draft.password} onChange={(password) => onChange({ ...draft, password })} error={passwordError} />
        )}
      </SpaceBetween>
    </Container>
  );
}
