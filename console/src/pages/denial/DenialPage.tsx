import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import { lazy, Suspense } from "react";
import { useParams } from "react-router-dom";
import { getAuthorizationDetails } from "../../api/authorizationDetails";
import { SimulatorHelp } from "../../help/SimulatorHelp";
import { Page } from "../../parts/Page";
import { Problem } from "../../parts/Problem";
import { useRemote } from "../../parts/useRemote";
import { Waiting } from "../../parts/Waiting";
import { paths } from "../../paths";
import { Evaluation } from "./Evaluation";

const JsonEditor = lazy(async () => ({ default: (await import("../../editor/JsonEditor")).JsonEditor }));

/** Why a call was refused: every kind of policy that was asked, and what it said. */
export function DenialPage() {
  const { authorizationId = "" } = useParams();
  const details = useRemote(() => getAuthorizationDetails(authorizationId), [authorizationId]);
  const found = details.data;
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
      {details.isLoading && found === undefined && <Waiting what="the details" />}
      {found?.evaluations.map((evaluation) => (
        <Evaluation
          key={`${evaluation.action} ${evaluation.resource}`}
          authorizationId={authorizationId}
          evaluation={evaluation}
          policies={found.policies ?? []}
        />
      ))}
      {found !== undefined && (
        <Container header={<Header variant="h2">All details</Header>}>
          <Suspense fallback={<Waiting what="the details" />}>
            <JsonEditor label="Authorization details" value={JSON.stringify(found, null, 2)} onChange={undefined} check={undefined} />
          </Suspense>
        </Container>
      )}
    </Page>
  );
}
