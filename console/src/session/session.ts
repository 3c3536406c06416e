/**
 * Who is signed in, and the credentials that sign their calls.
 *
 * The credentials are in this module's memory and nowhere else; the cookie that renews them is the server's to read.
 */

export interface Identity {
  accountId: string;
  accountAlias: string | null;
  /** null for the root user. */
  userName: string | null;
  arn: string;
}

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: Date;
}

export type SessionState =
  | { status: "signedOut"; reason: "none" | "expired" | "left" }
  | { status: "signedIn"; identity: Identity; region: string };

export class SessionEnded extends Error {
  override readonly name = "SessionEnded";
  constructor() {
    super("Your session has ended. Sign in again to go on where you were.");
  }
}

const RENEW_BEFORE_MS = 120_000;

let state: SessionState = { status: "signedOut", reason: "none" };
let held: Credentials | undefined;
let asking: Promise<Credentials> | undefined;
const listeners = new Set<() => void>();

export const sessionState = (): SessionState => state;

export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Give credentials that last for a while yet: the SDK's credential provider. */
// biome-ignore lint/suspicious/useAwait: whatever goes wrong comes as a rejected promise
export async function credentials(): Promise<Credentials> {
  if (held !== undefined && held.expiration.getTime() - Date.now() > RENEW_BEFORE_MS) return held;
  asking ??= renew().finally(() => {
    asking = undefined;
  });
  return asking;
}

/** Take up the session of this browser, if there is one. */
export async function resumeSession(): Promise<boolean> {
  try {
    await credentials();
    return true;
  } catch (error) {
    if (error instanceof SessionEnded) return false;
    throw error;
  }
}

/** Forget all, here and on the server. */
export async function signOut(): Promise<void> {
  held = undefined;
  try {
    await fetch("/signin/out", { method: "POST", credentials: "same-origin" });
  } finally {
    change({ status: "signedOut", reason: "left" });
  }
}

/** Forget a session that the server knows no more. */
export function endSession(): void {
  held = undefined;
  if (state.status === "signedIn") change({ status: "signedOut", reason: "expired" });
}

async function renew(): Promise<Credentials> {
  const response = await fetch("/signin/credentials", { method: "POST", credentials: "same-origin" });
  if (response.status === 401) {
    endSession();
    throw new SessionEnded();
  }
  if (!response.ok) throw new Error(`The server gave no credentials (HTTP ${response.status}).`);
  const answer = await response.json();
  held = {
    accessKeyId: answer.accessKeyId,
    secretAccessKey: answer.secretAccessKey,
    sessionToken: answer.sessionToken,
    expiration: new Date(answer.expiration),
  };
  const { accountId, accountAlias, userName, arn, region } = answer;
  change({ status: "signedIn", identity: { accountId, accountAlias, userName, arn }, region: region ?? "us-east-1" });
  return held;
}

function change(next: SessionState): void {
  if (JSON.stringify(next) === JSON.stringify(state)) return;
  state = next;
  for (const listener of listeners) listener();
}
