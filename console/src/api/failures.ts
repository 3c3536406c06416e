import { SessionEnded } from "../session/session";

/** A failed call, in the words of a page. */
export interface Failure {
  kind: "denied" | "missing" | "ended" | "refused" | "unreachable";
  /** AWS's code of the error, where it has one. */
  code: string;
  message: string;
  /** The action that the person may not do, such as `iam:ListUsers`. */
  action?: string;
  resource?: string;
  /** Whether a policy says no, rather than none saying yes. */
  isExplicit?: boolean;
  authorizationId?: string;
}

// The resource may have spaces ("user jane", an object's key) and end with a full stop: what follows it says where it ends.
const DENIED = /not authorized to perform: ([\w-]+:\w+)(?: on resource: (.+?)(?= because no | with an explicit deny|\. Go to |$))?/s;
const AUTHORIZATION_ID = /authorization id: ([0-9a-z]+)/;

/** Read what went wrong off an error that a call threw. */
export function readFailure(error: unknown): Failure {
  if (error instanceof SessionEnded) return { kind: "ended", code: "SessionEnded", message: error.message };
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (/^AccessDenied/.test(name) || /UnauthorizedOperation/.test(name)) return readDenial(name, message);
  if (/NoSuchEntity/.test(name)) return { kind: "missing", code: "NoSuchEntity", message };
  if (name === "TypeError" && /fetch/i.test(message)) {
    return { kind: "unreachable", code: "NetworkError", message: "The server does not answer. Is it running?" };
  }
  return { kind: "refused", code: name.replace(/Exception$/, ""), message };
}

export const isMissing = (error: unknown): boolean => error !== undefined && readFailure(error).kind === "missing";

/** Find the id by which a refusal's reasons can be asked for. */
export const authorizationIdIn = (message: string): string | undefined => AUTHORIZATION_ID.exec(message)?.[1];

function readDenial(code: string, message: string): Failure {
  const [, action, resource] = DENIED.exec(message) ?? [];
  const authorizationId = authorizationIdIn(message);
  return {
    kind: "denied",
    code,
    message,
    isExplicit: message.includes("explicit deny"),
    ...(action !== undefined && { action }),
    ...(resource !== undefined && { resource }),
    ...(authorizationId !== undefined && { authorizationId }),
  };
}

/** Give what a call finds, or a value in its place where there is no such thing. */
export async function orIfMissing<T, V>(call: Promise<T>, value: V): Promise<T | V> {
  try {
    return await call;
  } catch (error) {
    if (isMissing(error)) return value;
    throw error;
  }
}
