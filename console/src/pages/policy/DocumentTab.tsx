import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import {
  createPolicyVersion,
  deletePolicyVersion,
  getPolicyDocument,
  listPolicyVersions,
  type Policy,
  VERSIONS_PER_POLICY,
} from "../../api/policies";
import { pretty } from "../../editor/documents";
import { PolicyEditor } from "../../editor/PolicyEditor";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { Diff } from "../../parts/Diff";
import { Problem } from "../../parts/Problem";
import { useRemote } from "../../parts/useRemote";
import { Waiting } from "../../parts/Waiting";
import { notify } from "../../shell/notices";

interface DocumentTabProps {
  policy: Policy;
  isEditable: boolean;
  onSaved: () => void;
}

/** The document that is in force, and the writing of its next version. */
export function DocumentTab({ policy, isEditable, onSaved }: DocumentTabProps) {
  const { Arn, DefaultVersionId } = policy;
  const stored = useRemote(async () => pretty(await getPolicyDocument(Arn!, DefaultVersionId!)), [Arn, DefaultVersionId]);
  const [edited, setEdited] = useState<string>();
  const [isSaving, setSaving] = useState(false);

  async function save(): Promise<void> {
    const versions = await listPolicyVersions(Arn!);
    if (versions.length >= VERSIONS_PER_POLICY) {
      const oldest = versions.filter(({ IsDefaultVersion }) => !IsDefaultVersion).toSorted((a, b) => a.CreateDate!.getTime() - b.CreateDate!.getTime())[0];
      await deletePolicyVersion(Arn!, oldest!.VersionId!);
    }
    await createPolicyVersion(Arn!, edited!, true);
    notify("success", `${policy.PolicyName} was saved as a new version, which is in force.`);
    setEdited(undefined);
    onSaved();
  }

  return (
    <Container
      header={
        <Header
          variant="h2"
          description={`Version ${DefaultVersionId} (default)`}
          actions={
            isEditable && stored.data !== undefined && (
              <SpaceBetween direction="horizontal" size="xs">
                {edited === undefined ? (
                  <Button onClick={() => setEdited(stored.data)}>Edit</Button>
                ) : (
                  <>
                    <Button variant="link" onClick={() => setEdited(undefined)}>
                      Cancel
                    </Button>
                    <Button variant="primary" disabled={edited === stored.data} onClick={() => setSaving(true)}>
                      Save changes
                    </Button>
                  </>
                )}
              </SpaceBetween>
            )
          }
        >
          Permissions defined in this policy
        </Header>
      }
    >
      {stored.error !== undefined && <Problem error={stored.error} what="Loading the document" onRetry={stored.reload} />}
      {stored.isLoading && stored.data === undefined && <Waiting what="the document" />}
      {stored.data !== undefined && (
        <PolicyEditor label="Policy document" value={edited ?? stored.data} {...(edited !== undefined && { onChange: setEdited })} />
      )}
      {isSaving && edited !== undefined && (
        <ConfirmDialog title="Save as a new version?" confirm="Save changes" onConfirm={save} onClose={() => setSaving(false)}>
          <div>
            It is in force at once. Of {VERSIONS_PER_POLICY} versions, the oldest that is not in force makes room.
          </div>
          <Diff before={stored.data ?? ""} after={edited} label="What changes" />
        </ConfirmDialog>
      )}
    </Container>
  );
}
