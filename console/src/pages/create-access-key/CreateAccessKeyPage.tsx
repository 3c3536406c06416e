import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Wizard from "@cloudscape-design/components/wizard";
import { useState } from "react";
import { useNavigate } from "react-router-dom";
import type { Owner } from "../../api/accessKeys";
import type { KeyTag } from "../../api/keyDescription";
import { areTagsRight, DescriptionEditor } from "../../credentials/DescriptionEditor";
import { type IssuedKey, issueKey } from "../../credentials/issueKey";
import { suggestedTags } from "../../credentials/keyTags";
import { RetrieveStep } from "../../credentials/RetrieveStep";
import { UnsavedSecret } from "../../credentials/UnsavedSecret";
import { AccessKeyHelp } from "../../help/AccessKeyHelp";
import { Problem } from "../../parts/Problem";
import { useAction } from "../../parts/useAction";
import { useNamed } from "../../parts/useNamed";
import { paths } from "../../paths";
import { useIdentity } from "../../session/useSession";
import { notify } from "../../shell/notices";
import { type Crumb, usePage } from "../../shell/page";
import { UseCaseStep } from "./UseCaseStep";
import { USE_CASES } from "./useCases";

interface WizardProps {
  owner: Owner;
  crumbs: Crumb[];
  backTo: string;
}

export function CreateAccessKeyPage() {
  const userName = useNamed("userName");
  const crumbs = [
    { text: "Users", href: paths.users },
    { text: userName, href: paths.user(userName, "security") },
    { text: "Create access key", href: paths.createAccessKey(userName) },
  ];
  return <CreateAccessKey key={userName} owner={userName} crumbs={crumbs} backTo={paths.user(userName, "security")} />;
}

export function CreateMyAccessKeyPage() {
  const { userName } = useIdentity();
  const crumbs = [
    { text: "My security credentials", href: paths.myCredentials },
    { text: "Create access key", href: paths.createMyAccessKey },
  ];
  return <CreateAccessKey owner={userName ?? undefined} crumbs={crumbs} backTo={paths.myCredentials} />;
}

/** Steps 4 and 5 of the guide: say what the key is for, describe it, and take its secret away. */
function CreateAccessKey({ owner, crumbs, backTo }: WizardProps) {
  const navigate = useNavigate();
  const action = useAction();
  const [step, setStep] = useState(0);
  const [useCase, setUseCase] = useState({ id: "cli", isUnderstood: false });
  const [isChecked, setChecked] = useState(false);
  const [tags, setTags] = useState<KeyTag[]>(() => suggestedTags(owner ?? "root", "CLI-Access"));
  const [issued, setIssued] = useState<IssuedKey>();
  const [isSaved, setSaved] = useState(false);
  const name = owner ?? "the root user";
  usePage({
    title: "Create access key",
    crumbs: [{ text: "IAM", href: paths.dashboard }, ...crumbs],
    help: <AccessKeyHelp />,
    contentType: "wizard",
  });

  function goTo(index: number): void {
    if (issued !== undefined) return;
    setChecked(true);
    if (index > 0 && !useCase.isUnderstood) return;
    if (step === 0 && index === 1) proposePurpose();
    setChecked(false);
    setStep(index);
  }

  function proposePurpose(): void {
    const purpose = USE_CASES.find(({ id }) => id === useCase.id)!.purpose;
    const isOurs = (value: string) => value === "" || USE_CASES.some((one) => one.purpose === value);
    setTags((before) => before.map((tag) => (tag.name === "Purpose" && isOurs(tag.value) ? { ...tag, value: purpose } : tag)));
  }

  const create = () =>
    action.run(async () => {
      if (!areTagsRight(tags)) throw new Error("Correct the tags that are marked.");
      const made = await issueKey(owner, tags);
      setIssued(made);
      setStep(2);
      notify("success", `Access key ${made.key.id} of ${name} was created.`);
    });

  return (
    <>
      <Wizard
        activeStepIndex={step}
        onNavigate={({ detail }) => (detail.requestedStepIndex < 2 ? goTo(detail.requestedStepIndex) : void create())}
        onCancel={() => void navigate(backTo)}
        customPrimaryActions={
          step === 0 ? undefined : step === 1 ? (
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="link" onClick={() => void navigate(backTo)} disabled={action.isBusy}>
                Cancel
              </Button>
              <Button onClick={() => goTo(0)} disabled={action.isBusy}>
                Previous
              </Button>
              <Button variant="primary" onClick={create} loading={action.isBusy}>
                Create access key
              </Button>
            </SpaceBetween>
          ) : (
            <Button variant="primary" onClick={() => void navigate(backTo)}>
              Done
            </Button>
          )
        }
        steps={[
          {
            title: "Access key best practices & alternatives",
            description: "Avoid using long-term credentials like access keys where you can. Consider the alternatives first.",
            content: <UseCaseStep choice={useCase} isChecked={isChecked} onChange={setUseCase} />,
          },
          {
            title: "Set description tags",
            isOptional: true,
            description: "They say what the key is for and whose it is. They are kept in a tag of the user that is named by the key's ID.",
            content: (
              <SpaceBetween size="m">
                {action.error !== undefined && <Problem error={action.error} what="Creating the access key" />}
                <Container>
                  {owner === undefined ? (
                    <Alert type="info">The root user has no tags, so this key will have no description.</Alert>
                  ) : (
                    <DescriptionEditor tags={tags} onChange={setTags} />
                  )}
                </Container>
                <Box color="text-body-secondary">The key belongs to {name}.</Box>
              </SpaceBetween>
            ),
          },
          {
            title: "Retrieve access keys",
            content:
              issued === undefined ? null : <RetrieveStep owner={owner} issued={issued} onSaved={() => setSaved(true)} />,
          },
        ]}
      />
      <UnsavedSecret isAtRisk={issued !== undefined && !isSaved} />
    </>
  );
}
