import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { type AccessKey, type Owner, setKeyStatus } from "../../api/accessKeys";
import { DeactivateKeyDialog } from "../../credentials/DeactivateKeyDialog";
import { DeleteKeyDialog } from "../../credentials/DeleteKeyDialog";
import { Problem } from "../../parts/Problem";
import { useAction } from "../../parts/useAction";
import { KeyFacts } from "./KeyFacts";
import { isStillUsed } from "./SideBySide";

interface RetireStepProps {
  owner: Owner;
  old: AccessKey;
  successor: AccessKey | undefined;
  onChange: () => void;
}

/** Deactivate the old key, and delete it once nobody missed it. */
export function RetireStep({ owner, old, successor, onChange }: RetireStepProps) {
  const action = useAction();
  const [open, setOpen] = useState<"deactivate" | "delete">();
  const isActive = old.Status === "Active";
  const activate = () =>
    action.run(async () => {
      await setKeyStatus(owner, old.AccessKeyId!, "Active");
      onChange();
    });

  return (
    <SpaceBetween size="l">
      {action.error !== undefined && <Problem error={action.error} what="Activating" />}
      {isActive && isStillUsed(old, successor) && (
        <Alert type="warning">The old key is still in use. What uses it stops working when you deactivate it.</Alert>
      )}
      {!isActive && (
        <Alert type="info">
          The old key is inactive. Leave it so for a while: if something fails, activate it again; if nothing does, delete
          it.
        </Alert>
      )}
      <Container header={<Header variant="h2">Old key</Header>}>
        <KeyFacts accessKey={old} />
      </Container>
      <SpaceBetween direction="horizontal" size="xs">
        {isActive ? (
          <Button variant="primary" onClick={() => setOpen("deactivate")}>
            Deactivate the old key
          </Button>
        ) : (
          <>
            <Button loading={action.isBusy} onClick={activate}>
              Activate it again
            </Button>
            <Button variant="primary" onClick={() => setOpen("delete")}>
              Delete the old key
            </Button>
          </>
        )}
      </SpaceBetween>
      {open === "deactivate" && (
        <DeactivateKeyDialog owner={owner} accessKey={old} onDone={onChange} onClose={() => setOpen(undefined)} />
      )}
      {open === "delete" && (
        <DeleteKeyDialog owner={owner} accessKey={old} onDone={onChange} onClose={() => setOpen(undefined)} />
      )}
    </SpaceBetween>
  );
}
