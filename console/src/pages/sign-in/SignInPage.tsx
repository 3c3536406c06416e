import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useEffect, useState } from "react";
import { useNavigate, useSearchParams } from "react-router-dom";
import { beginSession } from "../../session/session";
import { type SignInRequest, signIn } from "../../session/signIn";
import { placeAfterSignIn } from "../../session/wayBack";
import { MfaStep } from "./MfaStep";
import { NewPasswordStep } from "./NewPasswordStep";
import { WhoStep } from "./WhoStep";

type Step = "who" | "mfa" | "newPassword";

const TITLES: Record<Step, string> = {
  who: "Sign in",
  mfa: "Multi-factor authentication",
  newPassword: "Change your password",
};

const REASONS = new Map<string, { type: "info" | "success"; text: string }>([
  ["expired", { type: "info", text: "Your session has ended. Sign in again to return to the page you were on." }],
  ["elsewhere", { type: "info", text: "You signed out in another tab. Sign in again to return to the page you were on." }],
  ["left", { type: "success", text: "You have signed out." }],
]);

/** The door: who, then what else is asked of them. */
export function SignInPage() {
  const navigate = useNavigate();
  const [query] = useSearchParams();
  const reason = REASONS.get(query.get("reason") ?? "");
  const [step, setStep] = useState<Step>("who");
  const [request, setRequest] = useState<SignInRequest>({ account: query.get("account"), user: "", password: "" });
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [isUnchanged, setUnchanged] = useState(false);

  useEffect(() => {
    document.title = "Sign in | Keywright";
  }, []);

  /** Start over, with nothing secret kept. */
  function goBack(from: SignInRequest): void {
    setStep("who");
    setRequest({ ...from, password: "", mfaCode: undefined, newPassword: undefined } as SignInRequest);
  }

  function giveUpChange(): void {
    goBack(request);
    setProblem(undefined);
    setUnchanged(true);
  }

  async function enter(more: Partial<SignInRequest>): Promise<void> {
    const next = { ...request, ...more };
    setRequest(next);
    setBusy(true);
    setProblem(undefined);
    setUnchanged(false);
    try {
      const answer = await signIn(next);
      switch (answer.result) {
        case "signedIn":
          await beginSession();
          await navigate(placeAfterSignIn(query), { replace: true });
          return;
        case "mfaRequired":
          setStep("mfa");
          return;
        case "passwordChangeRequired":
          setStep("newPassword");
          return;
        case "passwordPolicyViolation":
          setProblem(answer.message);
          return;
        case "passwordExpired":
          goBack(next);
          setProblem("Your password has expired, and you may not renew it. Ask your administrator to set a new one.");
          return;
        case "throttled":
          setProblem(`Too many attempts. Try again in ${inWords(answer.retryAfterSeconds)}.`);
          return;
        case "refused":
          goBack(next);
          setProblem("Your authentication information is incorrect. Please try again.");
      }
    } catch (error) {
      setProblem(error instanceof TypeError ? "The server does not answer." : (error as Error).message);
    } finally {
      setBusy(false);
    }
  }

  return (
    <main className="sign-in">
      <div className="sign-in-brand">
        <img src="/assets/keywright.svg" alt="" width="36" height="36" />
        <Box variant="h2" tagOverride="p">
          Keywright
        </Box>
      </div>
      <Container header={<Header variant="h1">{TITLES[step]}</Header>}>
        <SpaceBetween size="m">
          {reason !== undefined && problem === undefined && step === "who" && !isUnchanged && (
            <Alert type={reason.type}>{reason.text}</Alert>
          )}
          {isUnchanged && (
            <Alert type="info">
              Your password was not changed, and you are not signed in. Your administrator can set another password, or
              let you change this one.
            </Alert>
          )}
          {problem !== undefined && (
            <Alert type="error" header={step === "newPassword" ? "Your password was not changed" : "We could not sign you in"}>
              {problem}
            </Alert>
          )}
          {step === "who" && <WhoStep request={request} isBusy={isBusy} onEnter={enter} />}
          {step === "mfa" && <MfaStep isBusy={isBusy} onEnter={enter} onBack={() => goBack(request)} />}
          {step === "newPassword" && <NewPasswordStep isBusy={isBusy} isRefused={problem !== undefined} onEnter={enter} onBack={giveUpChange} />}
        </SpaceBetween>
      </Container>
    </main>
  );
}

const inWords = (seconds: number): string =>
  seconds < 90 ? `${Math.max(1, Math.ceil(seconds))} seconds` : `${Math.ceil(seconds / 60)} minutes`;
