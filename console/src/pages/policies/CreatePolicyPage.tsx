import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router-dom";
import { createPolicy } from "../../api/policies";
import { NEW_POLICY } from "../../editor/documents";
import { PolicyEditor } from "../../editor/PolicyEditor";
import { PoliciesHelp } from "../../help/PoliciesHelp";
import { AppButton } from "../../parts/AppButton";
import { Page } from "../../parts/Page";
import { Problem } from "../../parts/Problem";
import { useAction } from "../../parts/useAction";
import { paths } from "../../paths";
import { notify } from "../../shell/notices";

const NAME = /^[\w+=,.@-]{1,128}$/;

export function CreatePolicyPage() {
  const navigate = useNavigate();
  const action = useAction();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [document, setDocument] = useState(NEW_POLICY);
  const [isChecked, setChecked] = useState(false);
  const isNamed = NAME.test(name.trim());

  function create(): void {
    setChecked(true);
    if (!isNamed) return;
    void action.run(async () => {
      const policy = await createPolicy(name.trim(), document, description.trim(), []);
      notify("success", `Policy ${name.trim()} was created.`);
      await navigate(paths.policy(policy.Arn!));
    });
  }

  return (
    <Page
      title="Create policy"
      contentType="form"
      crumbs={[
        { text: "IAM", href: paths.dashboard },
        { text: "Policies", href: paths.policies },
        { text: "Create policy", href: paths.createPolicy },
      ]}
      help={<PoliciesHelp />}
    >
      <Form
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <AppButton variant="link" href={paths.policies}>
              Cancel
            </AppButton>
            <Button variant="primary" loading={action.isBusy} onClick={create}>
              Create policy
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          {action.error !== undefined && <Problem error={action.error} what="Creating the policy" />}
          <Container header={<Header variant="h2">Policy details</Header>}>
            <SpaceBetween size="m">
              <FormField
                label="Policy name"
                errorText={isChecked && !isNamed ? "1 to 128 letters, digits, and + = , . @ _ -" : undefined}
              >
                <Input value={name} onChange={({ detail }) => setName(detail.value)} spellcheck={false} autoComplete={false} />
              </FormField>
              <FormField label="Description – optional" constraintText="It cannot be changed later.">
                <Input value={description} onChange={({ detail }) => setDescription(detail.value)} />
              </FormField>
            </SpaceBetween>
          </Container>
          <Container header={<Header variant="h2">Permissions</Header>}>
            <PolicyEditor label="Policy document" value={document} onChange={setDocument} />
          </Container>
        </SpaceBetween>
      </Form>
    </Page>
  );
}
