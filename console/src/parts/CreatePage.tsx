import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type ReactNode, useState } from "react";
import { paths } from "../paths";
import type { Crumb } from "../shell/page";
import { AppButton } from "./AppButton";
import { Page } from "./Page";
import { Problem } from "./Problem";
import { useAction } from "./useAction";

interface CreatePageProps {
  /** "role" or "policy". */
  noun: string;
  maxName: number;
  descriptionConstraint?: string;
  list: Crumb;
  here: string;
  help: ReactNode;
  /** Make it, and go where it is. */
  onCreate: (name: string, description: string) => Promise<void>;
  children: ReactNode;
}

/** A page that makes something of a name, a description, and what its own part asks for. */
export function CreatePage({ noun, maxName, descriptionConstraint, list, here, help, onCreate, children }: CreatePageProps) {
  const action = useAction();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [isChecked, setChecked] = useState(false);
  const isNamed = /^[\w+=,.@-]+$/.test(name.trim()) && name.trim().length <= maxName;
  const title = `Create ${noun}`;
  const capital = noun.charAt(0).toUpperCase() + noun.slice(1);

  function create(): void {
    setChecked(true);
    if (isNamed) void action.run(() => onCreate(name.trim(), description.trim()));
  }

  return (
    <Page
      title={title}
      contentType="form"
      crumbs={[{ text: "IAM", href: paths.dashboard }, list, { text: title, href: here }]}
      help={help}
    >
      <Form
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <AppButton variant="link" href={list.href}>
              Cancel
            </AppButton>
            <Button variant="primary" loading={action.isBusy} onClick={create}>
              {title}
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          {action.error !== undefined && <Problem error={action.error} what={`Creating the ${noun}`} />}
          <Container header={<Header variant="h2">{capital} details</Header>}>
            <SpaceBetween size="m">
              <FormField
                label={`${capital} name`}
                errorText={isChecked && !isNamed ? `1 to ${maxName} letters, digits, and + = , . @ _ -` : undefined}
              >
                <Input value={name} onChange={({ detail }) => setName(detail.value)} spellcheck={false} autoComplete={false} />
              </FormField>
              <FormField label="Description – optional" constraintText={descriptionConstraint}>
                <Input value={description} onChange={({ detail }) => setDescription(detail.value)} />
              </FormField>
            </SpaceBetween>
          </Container>
          {children}
        </SpaceBetween>
      </Form>
    </Page>
  );
}
