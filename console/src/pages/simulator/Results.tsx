import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import Modal from "@cloudscape-design/components/modal";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { useState } from "react";
import { type EvaluationResult, findSimulatedDocument, type SimulationSource } from "../../api/simulation";
import { Problem } from "../../parts/Problem";
import { useRemote } from "../../parts/useRemote";
import { Waiting } from "../../parts/Waiting";
import { Highlighted } from "./Highlighted";

type Matched = NonNullable<EvaluationResult["MatchedStatements"]>[number];

const DECISIONS: Record<string, { type: StatusIndicatorProps.Type; text: string }> = {
  allowed: { type: "success", text: "Allowed" },
  explicitDeny: { type: "error", text: "Denied: a statement says so" },
  implicitDeny: { type: "stopped", text: "Denied: no statement allows it" },
};

/** What would be decided, and the statements that decide it. */
export function Results({ source, results }: { source: SimulationSource; results: EvaluationResult[] }) {
  const [shown, setShown] = useState<Matched>();
  return (
    <>
      <Table<EvaluationResult>
        header={
          <Header variant="h2" counter={`(${results.length})`}>
            Results
          </Header>
        }
        items={results}
        wrapLines
        ariaLabels={{ tableLabel: "Results" }}
        columnDefinitions={[
          { id: "action", header: "Action", cell: ({ EvalActionName }) => EvalActionName, isRowHeader: true },
          { id: "resource", header: "Resource", cell: ({ EvalResourceName }) => EvalResourceName ?? "*" },
          {
            id: "decision",
            header: "Decision",
            cell: ({ EvalDecision }) => {
              const { type, text } = DECISIONS[EvalDecision ?? "implicitDeny"]!;
              return <StatusIndicator type={type}>{text}</StatusIndicator>;
            },
          },
          {
            id: "statements",
            header: "Matched statements",
            cell: ({ MatchedStatements = [] }) =>
              MatchedStatements.length === 0
                ? "None"
                : MatchedStatements.map((statement, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: statements are shown, never moved
                    <div key={index}>
                      <Link onFollow={() => setShown(statement)} ariaLabel={`Show the statement in ${statement.SourcePolicyId}, line ${statement.StartPosition?.Line}`}>
                        {statement.SourcePolicyId}, line {statement.StartPosition?.Line}
                      </Link>
                    </div>
                  )),
          },
          {
            id: "missing",
            header: "Missing context",
            cell: ({ MissingContextValues = [] }) => MissingContextValues.join(", ") || "-",
          },
        ]}
        empty={<Box textAlign="center">There are no results.</Box>}
      />
      {shown !== undefined && <StatementDialog source={source} statement={shown} onClose={() => setShown(undefined)} />}
    </>
  );
}

interface StatementDialogProps {
  source: SimulationSource;
  statement: Matched;
  onClose: () => void;
}

function StatementDialog({ source, statement, onClose }: StatementDialogProps) {
  const id = statement.SourcePolicyId ?? "";
  const document = useRemote(() => findSimulatedDocument(source, id), [id]);
  return (
    <Modal visible size="large" header={id} onDismiss={onClose}>
      {document.error !== undefined && <Problem error={document.error} what="Loading the policy" onRetry={document.reload} />}
      {document.isLoading && <Waiting what="the policy" />}
      {document.data !== undefined && (
        <Highlighted text={document.data} start={statement.StartPosition ?? {}} end={statement.EndPosition ?? {}} />
      )}
    </Modal>
  );
}
