import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router-dom";
import type { Policy } from "../../api/policies";
import { attachRolePolicy, createRole } from "../../api/roles";
import { PolicyEditor } from "../../editor/PolicyEditor";
import { RolesHelp } from "../../help/RolesHelp";
import { AppButton } from "../../parts/AppButton";
import { Page } from "../../parts/Page";
import { Problem } from "../../parts/Problem";
import { useAction } from "../../parts/useAction";
import { paths } from "../../paths";
import { PolicyPicker } from "../../permissions/PolicyPicker";
import { useIdentity } from "../../session/useSession";
import { notify } from "../../shell/notices";

const NAME = /^[\w+=,.@-]{1,64}$/;

const trustOf = (accountId: string): string =>
  JSON.stringify(
    {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${accountId}:root` }, Action: "sts:AssumeRole" }],
    },
    null,
    2,
  );

export function CreateRolePage() {
  const navigate = useNavigate();
  const { accountId } = useIdentity();
  const action = useAction();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [trust, setTrust] = useState(() => trustOf(accountId));
  const [policies, setPolicies] = useState<Policy[]>([]);
  const [isChecked, setChecked] = useState(false);
  const isNamed = NAME.test(name.trim());

  function create(): void {
    setChecked(true);
    if (!isNamed) return;
    void action.run(async () => {
      await createRole(name.trim(), trust, description.trim());
      notify("success", `Role ${name.trim()} was created.`);
      for (const { Arn, PolicyName } of policies) {
        await attachRolePolicy(name.trim(), Arn!).catch((error: Error) =>
          notify("warning", `${PolicyName} is not attached: ${error.message}`),
        );
      }
      await navigate(paths.role(name.trim()));
    });
  }

  return (
    <Page
      title="Create role"
      contentType="form"
      crumbs={[
        { text: "IAM", href: paths.dashboard },
        { text: "Roles", href: paths.roles },
        { text: "Create role", href: paths.createRole },
      ]}
      help={<RolesHelp />}
    >
      <Form
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <AppButton variant="link" href={paths.roles}>
              Cancel
            </AppButton>
            <Button variant="primary" loading={action.isBusy} onClick={create}>
              Create role
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          {action.error !== undefined && <Problem error={action.error} what="Creating the role" />}
          <Container header={<Header variant="h2">Role details</Header>}>
            <SpaceBetween size="m">
              <FormField label="Role name" errorText={isChecked && !isNamed ? "1 to 64 letters, digits, and + = , . @ _ -" : undefined}>
                <Input value={name} onChange={({ detail }) => setName(detail.value)} spellcheck={false} autoComplete={false} />
              </FormField>
              <FormField label="Description – optional">
                <Input value={description} onChange={({ detail }) => setDescription(detail.value)} />
              </FormField>
            </SpaceBetween>
          </Container>
          <Container header={<Header variant="h2" description="Who may assume the role. As it stands: who in this account is allowed to.">Trust policy</Header>}>
            <PolicyEditor label="Trust policy" value={trust} onChange={setTrust} policyType="RESOURCE_POLICY" />
          </Container>
          <PolicyPicker title="Permissions" selected={policies} onChange={setPolicies} />
        </SpaceBetween>
      </Form>
    </Page>
  );
}
