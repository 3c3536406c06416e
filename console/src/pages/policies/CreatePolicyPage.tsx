import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import { useState } from "react";
import { useNavigate } from "react-router-dom";
import { createPolicy } from "../../api/policies";
import { NEW_POLICY } from "../../editor/documents";
import { PolicyEditor } from "../../editor/PolicyEditor";
import { PoliciesHelp } from "../../help/PoliciesHelp";
import { CreatePage } from "../../parts/CreatePage";
import { paths } from "../../paths";
import { notify } from "../../shell/notices";

export function CreatePolicyPage() {
  const navigate = useNavigate();
  const [document, setDocument] = useState(NEW_POLICY);

  async function create(name: string, description: string): Promise<void> {
    const policy = await createPolicy(name, document, description, []);
    notify("success", `Policy ${name} was created.`);
    await navigate(paths.policy(policy.Arn!));
  }

  return (
    <CreatePage
      noun="policy"
      maxName={128}
      descriptionConstraint="It cannot be changed later."
      list={{ text: "Policies", href: paths.policies }}
      here={paths.createPolicy}
      help={<PoliciesHelp />}
      onCreate={create}
    >
      <Container header={<Header variant="h2">Permissions</Header>}>
        <PolicyEditor label="Policy document" value={document} onChange={setDocument} />
      </Container>
    </CreatePage>
  );
}
