import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { useState } from "react";
import {
  type AuthorizationCheck,
  type AuthorizationDetails,
  type Effect,
  getAuthorizationPolicy,
} from "../../api/authorizationDetails";
import { DocumentDialog } from "../../permissions/DocumentDialog";

const EFFECTS: Record<Effect, { type: StatusIndicatorProps.Type; text: string }> = {
  ALLOW: { type: "success", text: "Allow" },
  EXPLICIT_DENY: { type: "error", text: "Explicit deny" },
  IMPLICIT_DENY: { type: "stopped", text: "Implicit deny" },
  NO_IMPACT: { type: "info", text: "Not applicable" },
};

const CHECKS: Record<string, string> = {
  PRINCIPAL: "Identity-based policies",
  RESOURCE: "Resource-based policies",
  PERMISSIONS_BOUNDARY: "Permissions boundary",
  SESSION: "Session policies",
  SERVICE_CONTROL_POLICY: "Service control policies",
  RESOURCE_CONTROL_POLICY: "Resource control policies",
  VPC_ENDPOINT: "VPC endpoint policy",
};

interface EvaluationProps {
  authorizationId: string;
  evaluation: AuthorizationDetails["evaluations"][number];
  policies: NonNullable<AuthorizationDetails["policies"]>;
}

const effect = (value: Effect) => <StatusIndicator type={EFFECTS[value].type}>{EFFECTS[value].text}</StatusIndicator>;

/** One permission that was needed, and what each kind of policy said to it. */
export function Evaluation({ authorizationId, evaluation, policies }: EvaluationProps) {
  const [shown, setShown] = useState<string>();
  const nameOf = (uri: string): string => {
    const policy = policies.find((one) => one.uri === uri);
    return policy?.inline ? `Inline policy of ${policy.attachedTo?.[0]?.arn ?? "the caller"}` : uri;
  };
  return (
    <>
      <Table<AuthorizationCheck>
        wrapLines
        header={
          <Header
            variant="h2"
            description={evaluation.resource ? `On ${evaluation.resource}` : undefined}
            info={effect(evaluation.evaluatedEffect)}
          >
            {evaluation.action}
          </Header>
        }
        ariaLabels={{ tableLabel: evaluation.action }}
        items={evaluation.checks ?? []}
        columnDefinitions={[
          { id: "check", header: "Policy type", cell: ({ checkType }) => CHECKS[checkType] ?? checkType, isRowHeader: true },
          { id: "effect", header: "Result", cell: ({ evaluatedEffect }) => effect(evaluatedEffect) },
          {
            id: "policies",
            header: "Matched statements",
            cell: ({ matchedPolicies = [] }) =>
              matchedPolicies.length === 0
                ? "None"
                : matchedPolicies.map(({ uri, matchedStatements = [] }) => (
                    <div key={uri}>
                      <Link onFollow={() => setShown(uri)}>{nameOf(uri)}</Link>:{" "}
                      {matchedStatements.map(({ sid, evaluatedEffect }) => `${sid} (${evaluatedEffect.toLowerCase()})`).join(", ")}
                    </div>
                  )),
          },
        ]}
        empty={<Box textAlign="center">Nothing was asked.</Box>}
      />
      {shown !== undefined && (
        <DocumentDialog
          title={nameOf(shown)}
          load={() => getAuthorizationPolicy(authorizationId, shown)}
          onClose={() => setShown(undefined)}
        />
      )}
    </>
  );
}
