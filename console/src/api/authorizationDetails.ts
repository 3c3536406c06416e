import { SignatureV4 } from "@smithy/signature-v4";
import { credentials } from "../session/session";
import { attempt } from "./attempts";
import { iam } from "./iamClient";

export type Effect = "ALLOW" | "EXPLICIT_DENY" | "IMPLICIT_DENY" | "NO_IMPACT";

export interface MatchedPolicy {
  /** The ARN of a managed policy; what tells an inline one from every other. */
  uri: string;
  matchedStatements?: { sid: string; evaluatedEffect: string }[];
}

export interface AuthorizationCheck {
  checkType: string;
  evaluatedEffect: Effect;
  matchedPolicies?: MatchedPolicy[];
}

export interface AuthorizationDetails {
  requestContext: Record<string, unknown>;
  evaluations: { action: string; resource?: string; evaluatedEffect: Effect; checks?: AuthorizationCheck[] }[];
  policies?: { uri: string; inline: boolean; attachedTo?: { arn: string }[] }[];
}

const pathOf = (id: string): string => `/authorization-details/${encodeURIComponent(id)}`;

/** Ask why a call was refused, by the id in its refusal. */
export const getAuthorizationDetails = (id: string): Promise<AuthorizationDetails> => get(pathOf(id), {});

/** Read a policy as it was when the call was refused. */
export async function getAuthorizationPolicy(id: string, policyUri: string): Promise<string> {
  const { policyDocument } = await get<{ policyDocument: unknown }>(`${pathOf(id)}/policy`, { policyUri });
  return typeof policyDocument === "string" ? policyDocument : JSON.stringify(policyDocument);
}

/** Make a signed call of iam-toolbox: AWS's SDK for JavaScript has no client of it. */
const get = <T>(path: string, query: Record<string, string>): Promise<T> =>
  attempt("GetRequestAuthorizationDetails", () => ask<T>(path, query));

async function ask<T>(path: string, query: Record<string, string>): Promise<T> {
  const signer = new SignatureV4({
    service: "iam",
    region: await iam().config.region(),
    sha256: iam().config.sha256,
    credentials,
  });
  const signed = await signer.sign({
    method: "GET",
    protocol: location.protocol,
    hostname: location.hostname,
    path,
    query,
    headers: { host: location.host, accept: "application/json" },
  });
  const { host: _host, ...headers } = signed.headers;
  const search = new URLSearchParams(query).toString();
  const response = await fetch(search === "" ? path : `${path}?${search}`, { headers });
  const answer = await response.json();
  if (response.ok) return answer;
  const error = new Error(answer.message ?? answer.Message ?? `HTTP ${response.status}`);
  error.name = (response.headers.get("x-amzn-errortype") ?? "Error").split(":")[0]!;
  throw error;
}
