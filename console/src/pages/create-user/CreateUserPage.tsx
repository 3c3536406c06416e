import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Wizard from "@cloudscape-design/components/wizard";
import { useState } from "react";
import { useNavigate } from "react-router-dom";
import type { Group } from "../../api/groups";
import type { Policy } from "../../api/policies";
import { FIRST_CHOICE } from "../../credentials/PasswordFields";
import { PasswordOnce } from "../../credentials/PasswordOnce";
import { readChangeAllowed } from "../../credentials/passwordChange";
import { CreateUserHelp } from "../../help/CreateUserHelp";
import { Problem } from "../../parts/Problem";
import { useAction } from "../../parts/useAction";
import { useRemote } from "../../parts/useRemote";
import { paths } from "../../paths";
import { BoundarySection } from "../../permissions/BoundarySection";
import { boundaryOf, lacksBoundary, NO_BOUNDARY } from "../../permissions/boundaryChoice";
import { GroupPicker } from "../../permissions/GroupPicker";
import { PolicyPicker } from "../../permissions/PolicyPicker";
import { notify } from "../../shell/notices";
import { usePage } from "../../shell/page";
import { DetailsStep, type UserDraft } from "./DetailsStep";
import { makeUser } from "./makeUser";
import { ReviewStep } from "./ReviewStep";

const DRAFT: UserDraft = { name: "", path: "/", hasConsole: false, password: FIRST_CHOICE };
const NAME = /^[\w+=,.@-]{1,64}$/;

/** Make a user: who, what they may do, and how they sign in. */
export function CreateUserPage() {
  const navigate = useNavigate();
  const action = useAction();
  const [step, setStep] = useState(0);
  const [draft, setDraft] = useState(DRAFT);
  const [groups, setGroups] = useState<Group[]>([]);
  const [policies, setPolicies] = useState<Policy[]>([]);
  const [boundary, setBoundary] = useState(NO_BOUNDARY);
  const [isChecked, setChecked] = useState(false);
  const [isBoundaryChecked, setBoundaryChecked] = useState(false);
  const [password, setPassword] = useState<string>();
  const [isMade, setMade] = useState(false);
  usePage({
    title: "Create user",
    crumbs: [
      { text: "IAM", href: paths.dashboard },
      { text: "Users", href: paths.users },
      { text: "Create user", href: paths.createUser },
    ],
    help: <CreateUserHelp />,
    contentType: "wizard",
  });
  const name = draft.name.trim();
  const isNamed = NAME.test(name);
  const isPasswordGiven = !draft.hasConsole || draft.password.isGenerated || draft.password.custom !== "";

  const changeAllowed = useRemote(readChangeAllowed, []);

  const create = () =>
    action.run(async () => {
      const made = await makeUser(draft, groups.map(({ GroupName }) => GroupName!), policies, boundaryOf(boundary), changeAllowed.data ?? "unknown");
      for (const problem of made.problems) notify("warning", problem);
      setMade(true);
      if (made.password === undefined) leave();
      else {
        setPassword(made.password);
        setStep(3);
      }
    });

  function leave(): void {
    notify("success", `User ${name} was created.`);
    void navigate(paths.user(name));
  }

  function goTo(index: number): void {
    if (isMade) return;
    setChecked(true);
    if (index > 0 && !(isNamed && isPasswordGiven)) return;
    const isUnbounded = index > 1 && lacksBoundary(boundary);
    setBoundaryChecked(isUnbounded);
    setStep(isUnbounded ? 1 : index);
  }

  return (
    <Wizard
      activeStepIndex={step}
      submitButtonText="Create user"
      isLoadingNextStep={action.isBusy}
      onNavigate={({ detail }) => (detail.requestedStepIndex < 3 ? goTo(detail.requestedStepIndex) : void create())}
      onSubmit={() => void create()}
      onCancel={() => void navigate(paths.users)}
      customPrimaryActions={
        step === 3 ? (
          <Button variant="primary" onClick={leave}>
            Return to the user
          </Button>
        ) : step === 2 ? (
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={() => void navigate(paths.users)}>
              Cancel
            </Button>
            <Button onClick={() => setStep(1)}>Previous</Button>
            <Button variant="primary" loading={action.isBusy} onClick={create}>
              Create user
            </Button>
          </SpaceBetween>
        ) : undefined
      }
      steps={[
        {
          title: "Specify user details",
          content: (
            <DetailsStep
              draft={draft}
              onChange={setDraft}
              nameError={isChecked && !isNamed ? "1 to 64 letters, digits, and + = , . @ _ -" : undefined}
              passwordError={isChecked && !isPasswordGiven ? "Enter a password." : undefined}
            />
          ),
        },
        {
          title: "Set permissions",
          isOptional: true,
          description: "Best practice: give permissions by groups.",
          content: (
            <SpaceBetween size="l">
              <GroupPicker headingTag="h2" selected={groups} onChange={setGroups} />
              <PolicyPicker title="Attach policies directly" headingTag="h2" selected={policies} onChange={setPolicies} />
              <BoundarySection kind="user" choice={boundary} onChange={setBoundary} isChecked={isBoundaryChecked} />
            </SpaceBetween>
          ),
        },
        {
          title: "Review and create",
          content: (
            <SpaceBetween size="l">
              {action.error !== undefined && <Problem error={action.error} what="Creating the user" />}
              <ReviewStep
                draft={draft}
                groups={groups.map(({ GroupName }) => GroupName!)}
                policies={policies.map(({ PolicyName }) => PolicyName!)}
                boundary={boundaryOf(boundary)?.PolicyName}
                changeAllowed={changeAllowed.data}
              />
            </SpaceBetween>
          ),
        },
        ...(draft.hasConsole
          ? [
              {
                title: "Retrieve password",
                content: password !== undefined && (
                  <Container header={<Header variant="h2">Console sign-in details</Header>}>
                    <PasswordOnce userName={name} password={password} />
                  </Container>
                ),
              },
            ]
          : []),
      ]}
    />
  );
}
