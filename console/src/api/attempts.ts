import type { MiddlewareStack } from "@smithy/types";
import { abandonSession, accessKeyInUse, renewRefused, SessionEnded } from "../session/session";

const SESSION_REFUSED = /^(?:InvalidClientTokenId|UnrecognizedClient|ExpiredToken)(?:Exception)?$/;
const CLOCK_REFUSED = /^(?:SignatureDoesNotMatch|InvalidSignature|RequestTimeTooSkewed|RequestExpired|RequestInTheFuture)(?:Exception)?$/;
const READS = /^(?:Get|List|Lookup|Simulate|Validate|Check)/;
const TRY_AGAIN_AFTER_MS = 200;

interface CallError extends Error {
  $metadata?: { httpStatusCode?: number; clockSkewCorrected?: boolean };
}

/**
 * Make a call, and once more only where that can do no harm.
 *
 * The SDK would try again whatever it takes for throttling, LimitExceeded of CreateAccessKey too, and whatever got no
 * answer, although it may have been done. Here only reads are; and what was refused before anything was done, since its
 * credentials were no longer good or this machine's clock is wrong.
 */
export async function attempt<T>(operation: string, call: () => Promise<T>): Promise<T> {
  const signedBy = accessKeyInUse();
  try {
    return await call();
  } catch (error) {
    if (isSessionRefused(error)) return callAgainIfSignedIn(signedBy, call);
    if (!isWorthAnother(operation, error as CallError)) throw error;
  }
  await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_AFTER_MS));
  return call();
}

async function callAgainIfSignedIn<T>(signedBy: string | undefined, call: () => Promise<T>): Promise<T> {
  if (!(await renewRefused(signedBy))) throw new SessionEnded();
  try {
    return await call();
  } catch (error) {
    if (!isSessionRefused(error)) throw error;
    await abandonSession();
    throw new SessionEnded();
  }
}

const isSessionRefused = (error: unknown): boolean => error instanceof Error && SESSION_REFUSED.test(error.name);

function isWorthAnother(operation: string, error: CallError): boolean {
  if (error.$metadata?.clockSkewCorrected && CLOCK_REFUSED.test(error.name)) return true;
  const isPassing = error instanceof TypeError || (error.$metadata?.httpStatusCode ?? 0) >= 500;
  return isPassing && READS.test(operation);
}

/** Have a client's calls made so. */
export function addAttempts<I extends object, O extends object>(stack: MiddlewareStack<I, O>): void {
  stack.add((next, context) => (args) => attempt(context.commandName ?? "", () => next(args)), {
    step: "initialize",
    name: "consoleAttempts",
    priority: "high",
  });
}
