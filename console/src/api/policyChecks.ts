import { type PolicyType, ValidatePolicyCommand } from "@aws-sdk/client-accessanalyzer";
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

/** Have the server check a policy: the same checks as AWS's console shows under the editor. */
export async function checkPolicy(policyDocument: string, policyType: PolicyType): Promise<PolicyFinding[]> {
  const found: PolicyFinding[] = [];
  let nextToken: string | undefined;
  do {
    const page = await accessAnalyzer().send(new ValidatePolicyCommand({ policyDocument, policyType, nextToken }));
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
