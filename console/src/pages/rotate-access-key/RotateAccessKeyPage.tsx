import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Wizard from "@cloudscape-design/components/wizard";
import { useEffect, useState } from "react";
import { useNavigate, useSearchParams } from "react-router-dom";
import { listKeysWithUse, type Owner } from "../../api/accessKeys";
import type { IssuedKey } from "../../credentials/issueKey";
import { RetrieveStep } from "../../credentials/RetrieveStep";
import { UnsavedSecret } from "../../credentials/UnsavedSecret";
import { RotationHelp } from "../../help/RotationHelp";
import { Problem } from "../../parts/Problem";
import { useNamed } from "../../parts/useNamed";
import { useRemote } from "../../parts/useRemote";
import { Waiting } from "../../parts/Waiting";
import { paths } from "../../paths";
import { useIdentity } from "../../session/useSession";
import { type Crumb, usePage } from "../../shell/page";
import { NewKeyStep } from "./NewKeyStep";
import { otherKey } from "./otherKey";
import { RetireStep } from "./RetireStep";
import { SideBySide } from "./SideBySide";
import { TwoKeys } from "./TwoKeys";

interface RotateProps {
  owner: Owner;
  accessKeyId: string;
  crumbs: Crumb[];
  backTo: string;
  rotatePath: (accessKeyId: string) => string;
}

export function RotateAccessKeyPage() {
  const userName = useNamed("userName");
  const accessKeyId = useNamed("accessKeyId");
  const crumbs = [
    { text: "Users", href: paths.users },
    { text: userName, href: paths.user(userName, "security") },
    { text: "Rotate access key", href: paths.rotateAccessKey(userName, accessKeyId) },
  ];
  return <Rotate key={accessKeyId} owner={userName} accessKeyId={accessKeyId} crumbs={crumbs} backTo={paths.user(userName, "security")} rotatePath={(id) => paths.rotateAccessKey(userName, id)} />;
}

export function RotateMyAccessKeyPage() {
  const { userName } = useIdentity();
  const accessKeyId = useNamed("accessKeyId");
  const crumbs = [
    { text: "My security credentials", href: paths.myCredentials },
    { text: "Rotate access key", href: paths.rotateMyAccessKey(accessKeyId) },
  ];
  return <Rotate key={accessKeyId} owner={userName ?? undefined} accessKeyId={accessKeyId} crumbs={crumbs} backTo={paths.myCredentials} rotatePath={paths.rotateMyAccessKey} />;
}

/** Put a new key in an old one's place: make it, switch over, watch the old one, retire it. */
function Rotate({ owner, accessKeyId, crumbs, backTo, rotatePath }: RotateProps) {
  const navigate = useNavigate();
  const keys = useRemote(() => listKeysWithUse(owner), [owner ?? ""]);
  const [query, setQuery] = useSearchParams();
  const [step, setStep] = useState<number>();
  const [issued, setIssued] = useState<IssuedKey>();
  const [isSaved, setSaved] = useState(false);
  usePage({
    title: "Rotate access key",
    crumbs: [{ text: "IAM", href: paths.dashboard }, ...crumbs],
    help: <RotationHelp />,
    contentType: "wizard",
  });
  const old = keys.data?.find(({ AccessKeyId }) => AccessKeyId === accessKeyId);
  const chosen = query.get("successor") ?? undefined;
  const other = old === undefined ? undefined : otherKey(keys.data ?? [], old, chosen);
  const successor = other?.kind === "successor" ? other.key : undefined;

  // A rotation that was begun resumes where it was left: its successor is in the address.
  useEffect(() => {
    if (step === undefined && keys.data !== undefined) setStep(successor === undefined ? 0 : 2);
  }, [keys.data, step, successor]);

  function goOnWith(id: string, next: number): void {
    setQuery({ successor: id }, { replace: true });
    setStep(next);
  }

  if (keys.error !== undefined) return <Problem error={keys.error} what="Loading the access keys" onRetry={keys.reload} />;
  if (keys.data === undefined || step === undefined) return <Waiting what="access keys" />;
  const leave = () => void navigate(backTo);
  if (old === undefined) {
    return (
      <Alert type={step > 0 ? "success" : "info"} header={step > 0 ? "The rotation is done" : "No such access key"} action={<Button onClick={leave}>To the access keys</Button>}>
        {step > 0 ? `${accessKeyId} was deleted. ${chosen ?? "The other key"} replaces it.` : `There is no access key ${accessKeyId}.`}
      </Alert>
    );
  }

  // While the secret is shown it stays, whatever has become of the key; else only a successor leads past the first step.
  const shown = step === 1 || successor !== undefined ? step : 0;
  const actions = (next: { text: string; to: number; isOff?: boolean } | undefined) => (
    <SpaceBetween direction="horizontal" size="xs">
      <Button variant="link" onClick={leave}>
        {shown === 1 ? "Leave" : "Finish later"}
      </Button>
      {next !== undefined && (
        <Button variant="primary" disabled={next.isOff ?? false} onClick={() => setStep(next.to)}>
          {next.text}
        </Button>
      )}
    </SpaceBetween>
  );

  return (
    <>
      <Wizard
        activeStepIndex={shown}
        onNavigate={({ detail }) => {
          if (detail.requestedStepIndex >= 2 && successor !== undefined) setStep(detail.requestedStepIndex);
        }}
        onCancel={leave}
        customPrimaryActions={
          [
            actions(undefined),
            actions({ text: "Next: watch the old key", to: 2, isOff: successor === undefined }),
            actions({ text: "Next: retire the old key", to: 3 }),
            actions(undefined),
          ][shown]
        }
        steps={[
          {
            title: "Create the new key",
            description: "The old key keeps working meanwhile.",
            content:
              other === undefined || other.kind === "none" || other.kind === "successor" ? (
                <NewKeyStep
                  owner={owner}
                  old={old}
                  onIssued={(made) => {
                    setIssued(made);
                    goOnWith(made.key.id, 1);
                    keys.reload();
                  }}
                />
              ) : (
                <TwoKeys
                  owner={owner}
                  old={old}
                  other={other}
                  rotateOther={rotatePath(other.key.AccessKeyId!)}
                  keysHref={backTo}
                  onChoose={(id) => goOnWith(id, 2)}
                />
              ),
          },
          {
            title: "Save it and switch over",
            description: "Put the new key wherever the old one is used.",
            content: issued === undefined ? null : <RetrieveStep owner={owner} issued={issued} onSaved={() => setSaved(true)} />,
          },
          {
            title: "Watch the old key",
            description: "Wait until nothing uses it any more.",
            content: <SideBySide old={old} successor={successor} remote={keys} />,
          },
          {
            title: "Retire the old key",
            description: "Deactivate it first; delete it once nothing depends on it.",
            content: <RetireStep owner={owner} old={old} successor={successor} onChange={keys.reload} />,
          },
        ]}
      />
      <UnsavedSecret isAtRisk={issued !== undefined && !isSaved} />
    </>
  );
}
