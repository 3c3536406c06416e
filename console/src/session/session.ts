/**
 * Who is signed in, and the credentials that sign their calls.
 *
 * The credentials are in this module's memory and nowhere else; the cookie that renews them is the server's to read.
 */

import type { Tabs } from "./tabs";

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

/**
 * Why nobody is signed in: never was, the session ended, the person left, left in another tab, or somebody else signed
 * in there.
 */
export type SignedOutReason = "none" | "expired" | "left" | "elsewhere" | "replaced";

export type SessionState =
  | { status: "signedOut"; reason: SignedOutReason }
  | { status: "signedIn"; identity: Identity; region: string };

export class SessionEnded extends Error {
  override readonly name = "SessionEnded";
  constructor() {
    super("Your session has ended. Sign in again to return to this page.");
  }
}

const RENEW_BEFORE_MS = 120_000;

let tabs: Tabs | undefined;
let state: SessionState = { status: "signedOut", reason: "none" };
let held: Credentials | undefined;
let asking: Promise<Credentials> | undefined;
const listeners = new Set<() => void>();

export const sessionState = (): SessionState => state;

export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Hear what other tabs tell, and tell them. */
export function joinTabs(others: Tabs): void {
  tabs = others;
  others.listen((message) => {
    if (state.status !== "signedIn") return;
    if (message.kind === "signedOut") endSession("elsewhere");
    else if (message.arn !== state.identity.arn) endSession("replaced");
    // The same person signed in again, which ended the session that these credentials are of.
    else held = undefined;
  });
}

/** Name the key that calls are signed by at present. */
export const accessKeyInUse = (): string | undefined => held?.accessKeyId;

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

/** Take up the session that signing in has just begun, and tell the other tabs whose it is. */
export async function beginSession(): Promise<void> {
  held = undefined;
  await credentials();
  if (state.status === "signedIn") tabs?.tell({ kind: "signedIn", arn: state.identity.arn });
}

/** Forget all, here, in the other tabs and on the server. */
export async function signOut(): Promise<void> {
  held = undefined;
  try {
    await endOnServer();
  } finally {
    tabs?.tell({ kind: "signedOut" });
    change({ status: "signedOut", reason: "left" });
  }
}

/**
 * Ask the server anew after it refused the credentials of a call; tell whether the call is worth a second try.
 *
 * A session that still stands has new credentials to give. Of one that has ended, this page is told here.
 */
export async function renewRefused(refused: string | undefined): Promise<boolean> {
  if (held?.accessKeyId === refused) held = undefined;
  try {
    await credentials();
    return true;
  } catch (error) {
    if (error instanceof SessionEnded) return false;
    throw error;
  }
}

/** End a session whose new credentials are refused, too; on the server as well, so that it is not taken up again. */
export async function abandonSession(): Promise<void> {
  held = undefined;
  await endOnServer().catch(() => undefined);
  endSession("expired");
}

/** Forget a session that the server knows no more. */
function endSession(reason: SignedOutReason): void {
  held = undefined;
  if (state.status === "signedIn") change({ status: "signedOut", reason });
}

const endOnServer = (): Promise<Response> => fetch("/signin/out", { method: "POST", credentials: "same-origin" });

async function renew(): Promise<Credentials> {
  const response = await fetch("/signin/credentials", { method: "POST", credentials: "same-origin" });
  if (response.status === 401) {
    endSession("expired");
    throw new SessionEnded();
  }
  if (!response.ok) throw new Error(`The server gave no credentials (HTTP ${response.status}).`);
  const answer = await response.json();
  const { accountId, accountAlias, userName, arn, region } = answer;
  // The cookie is the browser's, not this tab's: what one person has opened never signs as another.
  if (state.status === "signedIn" && state.identity.arn !== arn) endSession("replaced");
  if (state.status === "signedOut" && state.reason !== "none") throw new SessionEnded();
  held = {
    accessKeyId: answer.accessKeyId,
    secretAccessKey: answer.secretAccessKey,
    sessionToken: answer.sessionToken,
    expiration: new Date(answer.expiration),
  };
  change({ status: "signedIn", identity: { accountId, accountAlias, userName, arn }, region: region ?? "us-east-1" });
  return held;
}

function change(next: SessionState): void {
  if (JSON.stringify(next) === JSON.stringify(state)) return;
  state = next;
  for (const listener of listeners) listener();
}
