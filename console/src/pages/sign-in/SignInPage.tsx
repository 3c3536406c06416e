import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useEffect, useState } from "react";
import { useNavigate, useSearchParams } from "react-router-dom";
import { credentials } from "../../session/session";
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

/** The door: who, then what else is asked of them. */
export function SignInPage() {
  const navigate = useNavigate();
  const [query] = useSearchParams();
  const [step, setStep] = useState<Step>("who");
  const [request, setRequest] = useState<SignInRequest>({ account: query.get("account"), user: "", password: "" });
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  useEffect(() => {
    document.title = "Sign in | Keywright";
  }, []);

  async function enter(more: Partial<SignInRequest>): Promise<void> {
    const next = { ...request, ...more };
    setRequest(next);
    setBusy(true);
    setProblem(undefined);
    try {
      const answer = await signIn(next);
      switch (answer.result) {
        case "signedIn":
          await credentials();
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
        case "throttled":
          setProblem(`Too many attempts. Try again in ${inWords(answer.retryAfterSeconds)}.`);
          return;
        case "refused":
          setStep("who");
          setRequest({ ...next, password: "", mfaCode: undefined, newPassword: undefined } as SignInRequest);
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
          {query.get("reason") === "expired" && problem === undefined && (
            <Alert type="info">Your session has ended. Sign in again to go on where you were.</Alert>
          )}
          {query.get("reason") === "left" && problem === undefined && step === "who" && (
            <Alert type="success">You have signed out.</Alert>
          )}
          {problem !== undefined && (
            <Alert type="error" header="We could not sign you in">
              {problem}
            </Alert>
          )}
          {step === "who" && <WhoStep request={request} isBusy={isBusy} onEnter={enter} />}
          {step === "mfa" && <MfaStep isBusy={isBusy} onEnter={enter} onBack={() => setStep("who")} />}
          {step === "newPassword" && <NewPasswordStep isBusy={isBusy} onEnter={enter} />}
        </SpaceBetween>
      </Container>
    </main>
  );
}

const inWords = (seconds: number): string =>
  seconds < 90 ? `${Math.max(1, Math.ceil(seconds))} seconds` : `${Math.ceil(seconds / 60)} minutes`;
