import Box from "@cloudscape-design/components/box";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import { lazy, Suspense, useState } from "react";
import { readFailure } from "../api/failures";
import { checkPolicy, type PolicyFinding, type PolicyKind } from "../api/policyChecks";
import { Waiting } from "../parts/Waiting";

const JsonEditor = lazy(async () => ({ default: (await import("./JsonEditor")).JsonEditor }));

interface PolicyEditorProps {
  label: string;
  value: string;
  /** Without it, the document can only be read. */
  onChange?: (text: string) => void;
  policyKind?: PolicyKind;
}

const STATUS: Record<PolicyFinding["kind"], { type: StatusIndicatorProps.Type; word: string }> = {
  error: { type: "error", word: "Error" },
  security: { type: "warning", word: "Security" },
  warning: { type: "warning", word: "Warning" },
  suggestion: { type: "info", word: "Suggestion" },
};

/** A policy document in an editor, with the server's checks beside the lines and below. */
export function PolicyEditor({ label, value, onChange, policyKind = "identity" }: PolicyEditorProps) {
  const [findings, setFindings] = useState<PolicyFinding[]>();
  const [problem, setProblem] = useState<string>();

  async function check(text: string): Promise<PolicyFinding[]> {
    try {
      const found = await checkPolicy(text, policyKind);
      setFindings(found);
      setProblem(undefined);
      return found;
    } catch (error) {
      const failure = readFailure(error);
      setProblem(failure.kind === "denied" ? `Not checked as you type: you need permission ${failure.action}` : failure.message);
      setFindings(undefined);
      return [];
    }
  }

  return (
    <SpaceBetween size="s">
      <Suspense fallback={<Waiting what="the editor" />}>
        <JsonEditor label={label} value={value} onChange={onChange} check={onChange === undefined ? undefined : check} />
      </Suspense>
      {onChange !== undefined && (
        <div aria-live="polite">
          {problem !== undefined && <StatusIndicator type="info">{problem}</StatusIndicator>}
          {findings?.length === 0 && <StatusIndicator type="success">No findings: the policy is valid</StatusIndicator>}
          {findings !== undefined && findings.length > 0 && (
            <ExpandableSection headerText={`Findings (${findings.length})`} defaultExpanded>
              <SpaceBetween size="xs">
                {findings.map((finding) => (
                  <div key={`${finding.code} ${finding.from}`}>
                    <StatusIndicator type={STATUS[finding.kind].type}>
                      {STATUS[finding.kind].word}, line {finding.line}
                    </StatusIndicator>{" "}
                    <Box variant="span">{finding.text}</Box>{" "}
                    {finding.learnMore !== undefined && (
                      <Link external href={finding.learnMore} fontSize="inherit">
                        {finding.code}
                      </Link>
                    )}
                  </div>
                ))}
              </SpaceBetween>
            </ExpandableSection>
          )}
        </div>
      )}
    </SpaceBetween>
  );
}
