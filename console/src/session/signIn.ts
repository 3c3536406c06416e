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
  | { result: "throttled"; retryAfterSeconds: number };

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
  if (typeof answer.result !== "string") throw new Error(answer.message ?? `The server refused (HTTP ${response.status}).`);
  return answer;
}
