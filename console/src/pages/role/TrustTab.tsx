import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { type Role, setTrust } from "../../api/roles";
import { pretty } from "../../editor/documents";
import { PolicyEditor } from "../../editor/PolicyEditor";
import { Problem } from "../../parts/Problem";
import { useAction } from "../../parts/useAction";
import { notify } from "../../shell/notices";

/** Who may assume a role. */
export function TrustTab({ role, onSaved }: { role: Role; onSaved: () => void }) {
  const action = useAction();
  const stored = pretty(decodeURIComponent(role.AssumeRolePolicyDocument ?? ""));
  const [edited, setEdited] = useState<string>();
  const save = () =>
    action.run(async () => {
      await setTrust(role.RoleName!, edited!);
      notify("success", `The trust policy of ${role.RoleName} was saved.`);
      setEdited(undefined);
      onSaved();
    });
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="Entities that can assume this role under the conditions given."
          actions={
            edited === undefined ? (
              <Button onClick={() => setEdited(stored)}>Edit trust policy</Button>
            ) : (
              <SpaceBetween direction="horizontal" size="xs">
                <Button variant="link" onClick={() => setEdited(undefined)}>
                  Cancel
                </Button>
                <Button variant="primary" loading={action.isBusy} disabled={edited === stored} onClick={save}>
                  Update policy
                </Button>
              </SpaceBetween>
            )
          }
        >
          Trusted entities
        </Header>
      }
    >
      <SpaceBetween size="m">
        {action.error !== undefined && <Problem error={action.error} what="Saving the trust policy" />}
        <PolicyEditor
          label="Trust policy"
          value={edited ?? stored}
          policyKind="trust"
          {...(edited !== undefined && { onChange: setEdited })}
        />
      </SpaceBetween>
    </Container>
  );
}
