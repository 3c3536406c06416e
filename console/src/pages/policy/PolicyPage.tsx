import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Tabs from "@cloudscape-design/components/tabs";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router-dom";
import { isMissing } from "../../api/failures";
import { deletePolicyAndVersions, getPolicy, isAwsManaged } from "../../api/policies";
import { PoliciesHelp } from "../../help/PoliciesHelp";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { Page } from "../../parts/Page";
import { Problem } from "../../parts/Problem";
import { moment } from "../../parts/time";
import { useNamed } from "../../parts/useNamed";
import { useRemote } from "../../parts/useRemote";
import { paths } from "../../paths";
import { notify } from "../../shell/notices";
import { BearersTab } from "./BearersTab";
import { DocumentTab } from "./DocumentTab";
import { VersionsTab } from "./VersionsTab";

/** One managed policy. */
export function PolicyPage() {
  const policyArn = useNamed("policyArn");
  const navigate = useNavigate();
  const [query, setQuery] = useSearchParams();
  const [isDeleting, setDeleting] = useState(false);
  const policy = useRemote(() => getPolicy(policyArn), [policyArn]);
  const name = policyArn.slice(policyArn.lastIndexOf("/") + 1);
  const isOurs = !isAwsManaged(policyArn);
  const found = policy.data;

  return (
    <Page
      title={name}
      description={found?.Description}
      crumbs={[
        { text: "IAM", href: paths.dashboard },
        { text: "Policies", href: paths.policies },
        { text: name, href: paths.policy(policyArn) },
      ]}
      help={<PoliciesHelp />}
      actions={isOurs && !isMissing(policy.error) && <Button onClick={() => setDeleting(true)}>Delete</Button>}
    >
      {policy.error !== undefined ? (
        <Problem error={policy.error} what="Loading the policy" onRetry={policy.reload} />
      ) : (
        <Container header={<Header variant="h2">Policy details</Header>}>
          <KeyValuePairs
            columns={2}
            items={[
              { label: "Type", value: isOurs ? "Customer managed" : "AWS managed" },
              { label: "Created", value: moment(found?.CreateDate) },
              { label: "Edited", value: moment(found?.UpdateDate) },
              {
                label: "ARN",
                value: (
                  <CopyToClipboard
                    variant="inline"
                    textToCopy={policyArn}
                    copyButtonAriaLabel="Copy ARN"
                    copySuccessText="ARN copied"
                    copyErrorText="ARN not copied"
                  />
                ),
              },
            ]}
          />
        </Container>
      )}
      {found !== undefined && (
        <Tabs
          ariaLabel={`Of ${name}`}
          activeTabId={query.get("tab") ?? "permissions"}
          onChange={({ detail }) => setQuery({ tab: detail.activeTabId }, { replace: true })}
          tabs={[
            { id: "permissions", label: "Permissions", content: <DocumentTab policy={found} isEditable={isOurs} onSaved={policy.reload} /> },
            { id: "versions", label: "Policy versions", content: <VersionsTab policy={found} isEditable={isOurs} onChange={policy.reload} /> },
            { id: "entities", label: "Entities attached", content: <BearersTab arn={policyArn} /> },
          ]}
        />
      )}
      {isDeleting && (
        <ConfirmDialog
          title={`Delete ${name}?`}
          confirm="Delete"
          typed={name}
          onConfirm={async () => {
            await deletePolicyAndVersions(policyArn);
            notify("success", `Policy ${name} was deleted.`);
            await navigate(paths.policies);
          }}
          onClose={() => setDeleting(false)}
        >
          Its versions go with it. A policy that is attached must be detached first.
        </ConfirmDialog>
      )}
    </Page>
  );
}
