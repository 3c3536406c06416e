/** What a person enters at the door. */
export interface SignInRequest {
  account: string | null;
  user?: string;
  email?: string;
  password: string;
  mfaCode?: string;
  newPassword?: string;
}

export type SignInResult =
  | { result: "signedIn" }
  | { result: "refused" }
  | { result: "mfaRequired" }
  | { result: "passwordChangeRequired" }
  | { result: "passwordPolicyViolation"; message: string }
  | { result: "passwordExpired" }
  | { result: "throttled"; retryAfterSeconds: number };

const RESULTS: ReadonlySet<unknown> = new Set<SignInResult["result"]>([
  "signedIn",
  "refused",
  "mfaRequired",
  "passwordChangeRequired",
  "passwordPolicyViolation",
  "passwordExpired",
  "throttled",
]);

/** Ask to be let in; the cookie that comes with a yes is out of this page's reach. */
export async function signIn(request: SignInRequest): Promise<SignInResult> {
  const response = await fetch("/signin", {
    method: "POST",
    credentials: "same-origin",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  const isJson = response.headers.get("content-type")?.includes("json");
  if (!isJson) throw new Error(`The server could not answer (HTTP ${response.status}).`);
  const answer = await response.json();
  if (!RESULTS.has(answer.result)) throw new Error(answer.message ?? `The server refused (HTTP ${response.status}).`);
  return answer;
}
