import { SignatureV4 } from "@smithy/signature-v4";
import { credentials } from "../session/session";
import { iam } from "./clients";

export type Effect = "ALLOW" | "EXPLICIT_DENY" | "IMPLICIT_DENY";

export interface AuthorizationCheck {
  checkType: string;
  evaluatedEffect: Effect;
  targetArn?: string;
  matchedPolicies?: { policyUri?: string; policyArn?: string }[];
}

export interface AuthorizationDetails {
  requestContext: Record<string, unknown>;
  evaluations: {
    action: string;
    resource?: string;
    evaluatedEffect: Effect;
    checks?: AuthorizationCheck[];
  }[];
}

/** Ask why a call was refused, by the id in its refusal. AWS's SDK has no client of this service (iam-toolbox). */
export async function getAuthorizationDetails(id: string): Promise<AuthorizationDetails> {
  const signer = new SignatureV4({
    service: "iam",
    region: await iam().config.region(),
    sha256: iam().config.sha256,
    credentials,
  });
  const path = `/authorization-details/${encodeURIComponent(id)}`;
  const signed = await signer.sign({
    method: "GET",
    protocol: location.protocol,
    hostname: location.hostname,
    path,
    query: {},
    headers: { host: location.host, accept: "application/json" },
  });
  const { host: _host, ...headers } = signed.headers;
  const response = await fetch(path, { headers });
  const answer = await response.json();
  if (!response.ok) {
    const error = new Error(answer.message ?? `HTTP ${response.status}`);
    error.name = (response.headers.get("x-amzn-errortype") ?? "Error").split(":")[0]!;
    throw error;
  }
  return answer;
}
