import { ValidatePolicyCommand, type ValidatePolicyCommandInput } from "@aws-sdk/client-accessanalyzer";
import { accessAnalyzer } from "./accessAnalyzerClient";

export interface PolicyFinding {
  kind: "error" | "security" | "warning" | "suggestion";
  code: string;
  text: string;
  learnMore?: string | undefined;
  /** Where, as offsets into the document. */
  from: number;
  to: number;
  line: number;
}

const KINDS = {
  ERROR: "error",
  SECURITY_WARNING: "security",
  WARNING: "warning",
  SUGGESTION: "suggestion",
} as const;

/** What a document is for, which decides on what it may hold. */
export type PolicyKind = "identity" | "trust";

const ASKED: Record<PolicyKind, Omit<ValidatePolicyCommandInput, "policyDocument">> = {
  identity: { policyType: "IDENTITY_POLICY" },
  trust: { policyType: "RESOURCE_POLICY", validatePolicyResourceType: "AWS::IAM::AssumeRolePolicyDocument" },
};

/** Have the server check a policy: the same checks as AWS's console shows under the editor. */
export async function checkPolicy(policyDocument: string, kind: PolicyKind): Promise<PolicyFinding[]> {
  const found: PolicyFinding[] = [];
  let nextToken: string | undefined;
  do {
    const page = await accessAnalyzer().send(new ValidatePolicyCommand({ policyDocument, ...ASKED[kind], nextToken }));
    for (const { findingType, issueCode, findingDetails, learnMoreLink, locations } of page.findings ?? []) {
      const span = locations?.[0]?.span;
      found.push({
        kind: KINDS[findingType as keyof typeof KINDS] ?? "warning",
        code: issueCode ?? "",
        text: findingDetails ?? "",
        learnMore: learnMoreLink,
        from: span?.start?.offset ?? 0,
        to: span?.end?.offset ?? policyDocument.length,
        line: span?.start?.line ?? 1,
      });
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found;
}
