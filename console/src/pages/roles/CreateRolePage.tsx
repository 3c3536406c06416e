import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import { useState } from "react";
import { useNavigate } from "react-router-dom";
import type { Policy } from "../../api/policies";
import { attachRolePolicy, createRole } from "../../api/roles";
import { PolicyEditor } from "../../editor/PolicyEditor";
import { RolesHelp } from "../../help/RolesHelp";
import { CreatePage } from "../../parts/CreatePage";
import { paths } from "../../paths";
import { BoundarySection } from "../../permissions/BoundarySection";
import { boundaryOf, lacksBoundary, NO_BOUNDARY } from "../../permissions/boundaryChoice";
import { PolicyPicker } from "../../permissions/PolicyPicker";
import { useIdentity } from "../../session/useSession";
import { notify } from "../../shell/notices";

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
  const [trust, setTrust] = useState(() => trustOf(accountId));
  const [policies, setPolicies] = useState<Policy[]>([]);
  const [boundary, setBoundary] = useState(NO_BOUNDARY);
  const [isChecked, setChecked] = useState(false);

  async function create(name: string, description: string): Promise<void> {
    setChecked(true);
    if (lacksBoundary(boundary)) return;
    await createRole(name, trust, description, boundaryOf(boundary)?.Arn);
    notify("success", `Role ${name} was created.`);
    for (const { Arn, PolicyName } of policies) {
      await attachRolePolicy(name, Arn!).catch((error: Error) =>
        notify("warning", `${PolicyName} is not attached: ${error.message}`),
      );
    }
    await navigate(paths.role(name));
  }

  return (
    <CreatePage
      noun="role"
      maxName={64}
      list={{ text: "Roles", href: paths.roles }}
      here={paths.createRole}
      help={<RolesHelp />}
      onCreate={create}
    >
      <Container header={<Header variant="h2" description="Who may assume the role. As it stands: who in this account is allowed to.">Trust policy</Header>}>
        <PolicyEditor label="Trust policy" value={trust} onChange={setTrust} policyKind="trust" />
      </Container>
      <PolicyPicker title="Permissions" headingTag="h2" selected={policies} onChange={setPolicies} />
      <BoundarySection kind="role" choice={boundary} onChange={setBoundary} isChecked={isChecked} />
    </CreatePage>
  );
}
