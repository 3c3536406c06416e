import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import { type Failure, readFailure } from "../api/failures";
import { paths } from "../paths";
import { AppLink } from "./AppLink";

interface ProblemProps {
  error: unknown;
  /** What was asked for, as in "Your access keys could not be loaded". */
  what?: string;
  onRetry?: (() => void) | undefined;
}

/** A failed call, in the place of what it would have shown. The rest of the page stays. */
export function Problem({ error, what = "This", onRetry }: ProblemProps) {
  const failure = readFailure(error);
  return (
    <Alert
      type={failure.kind === "denied" ? "warning" : "error"}
      header={headline(failure, what)}
      action={onRetry !== undefined && failure.kind !== "denied" ? <Button onClick={onRetry}>Try again</Button> : undefined}
    >
      {failure.kind === "denied" ? <Denial failure={failure} /> : failure.message}
    </Alert>
  );
}

function headline(failure: Failure, what: string): string {
  switch (failure.kind) {
    case "denied":
      return failure.action === undefined ? "Access denied" : `You need permission: ${failure.action}`;
    case "missing":
      return "Not found";
    case "ended":
      return "Your session has ended";
    case "unreachable":
      return "The server does not answer";
    case "refused":
      return `${what} failed (${failure.code})`;
  }
}

function Denial({ failure }: { failure: Failure }) {
  return (
    <>
      <Box>
        {failure.action === undefined ? "You do not have permission for this." : (
          <>
            You do not have permission to perform <Box variant="code">{failure.action}</Box>
            {failure.resource !== undefined && (
              <>
                {" "}
                on <Box variant="code">{failure.resource}</Box>
              </>
            )}
            . {failure.isExplicit ? "A policy denies it." : "Ask your administrator to allow it."}
          </>
        )}
      </Box>
      {failure.authorizationId !== undefined && (
        <AppLink href={paths.denial(failure.authorizationId)}>Why was this denied?</AppLink>
      )}
      <ExpandableSection headerText="Error message">
        <Box variant="code">{failure.message}</Box>
      </ExpandableSection>
    </>
  );
}
