import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { lazy, Suspense } from "react";
import { useParams } from "react-router-dom";
import { type AuthorizationCheck, type Effect, getAuthorizationDetails } from "../../api/authorizationDetails";
import { SimulatorHelp } from "../../help/SimulatorHelp";
import { Page } from "../../parts/Page";
import { Problem } from "../../parts/Problem";
import { useRemote } from "../../parts/useRemote";
import { Waiting } from "../../parts/Waiting";
import { paths } from "../../paths";

const JsonEditor = lazy(async () => ({ default: (await import("../../editor/JsonEditor")).JsonEditor }));

const EFFECTS: Record<Effect, { type: StatusIndicatorProps.Type; text: string }> = {
  ALLOW: { type: "success", text: "Allows it" },
  EXPLICIT_DENY: { type: "error", text: "A statement denies it" },
  IMPLICIT_DENY: { type: "stopped", text: "No statement allows it" },
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

const effect = (value: Effect) => <StatusIndicator type={EFFECTS[value].type}>{EFFECTS[value].text}</StatusIndicator>;

/** Why a call was refused: every kind of policy that was asked, and what it said. */
export function DenialPage() {
  const { authorizationId = "" } = useParams();
  const details = useRemote(() => getAuthorizationDetails(authorizationId), [authorizationId]);
  return (
    <Page
      title="Why was this denied?"
      description={`Authorization ID ${authorizationId}`}
      crumbs={[
        { text: "IAM", href: paths.dashboard },
        { text: "Authorization details", href: paths.denial(authorizationId) },
      ]}
      help={<SimulatorHelp />}
    >
      {details.error !== undefined && <Problem error={details.error} what="Loading the details" onRetry={details.reload} />}
      {details.isLoading && details.data === undefined && <Waiting what="the details" />}
      {details.data?.evaluations.map(({ action, resource, evaluatedEffect, checks = [] }, index) => (
        <Table<AuthorizationCheck>
          key={index}
          wrapLines
          header={
            <Header variant="h2" description={resource === undefined ? undefined : `On ${resource}`} info={effect(evaluatedEffect)}>
              {action}
            </Header>
          }
          ariaLabels={{ tableLabel: action }}
          items={checks}
          columnDefinitions={[
            { id: "check", header: "What was asked", cell: ({ checkType }) => CHECKS[checkType] ?? checkType, isRowHeader: true },
            { id: "effect", header: "What it said", cell: ({ evaluatedEffect: said }) => effect(said) },
            {
              id: "policies",
              header: "Deciding policies",
              cell: ({ matchedPolicies = [] }) => matchedPolicies.map(({ policyArn, policyUri }) => policyArn ?? policyUri).join(", ") || "-",
            },
            { id: "target", header: "Of", cell: ({ targetArn }) => targetArn ?? "-" },
          ]}
          empty={<Box textAlign="center">Nothing was asked.</Box>}
        />
      ))}
      {details.data !== undefined && (
        <Container header={<Header variant="h2">All details</Header>}>
          <SpaceBetween size="m">
            <Suspense fallback={<Waiting what="the details" />}>
              <JsonEditor label="Authorization details" value={JSON.stringify(details.data, null, 2)} onChange={undefined} check={undefined} />
            </Suspense>
          </SpaceBetween>
        </Container>
      )}
    </Page>
  );
}
