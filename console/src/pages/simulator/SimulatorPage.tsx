import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";
import { type EvaluationResult, type SimulationSource, simulate } from "../../api/simulation";
import { SimulatorHelp } from "../../help/SimulatorHelp";
import { Page } from "../../parts/Page";
import { Problem } from "../../parts/Problem";
import { useAction } from "../../parts/useAction";
import { paths } from "../../paths";
import { type ContextDraft, ContextEditor, entriesOf } from "./ContextEditor";
import { Results } from "./Results";
import { SourcePicker } from "./SourcePicker";

const listed = (text: string): string[] => text.split(/[\s,]+/).filter((part) => part !== "");

interface Answer {
  source: SimulationSource;
  results: EvaluationResult[];
}

/** Ask what would be decided, without doing it. */
export function SimulatorPage() {
  const action = useAction();
  const [source, setSource] = useState<SimulationSource>();
  const [actions, setActions] = useState("");
  const [resources, setResources] = useState("");
  const [context, setContext] = useState<ContextDraft[]>([]);
  const [answer, setAnswer] = useState<Answer>();
  const isReady = source !== undefined && listed(actions).length > 0;

  const ask = () =>
    action.run(async () => {
      setAnswer(undefined);
      const results = await simulate({
        source: source!,
        actions: listed(actions),
        resources: listed(resources),
        context: entriesOf(context),
      });
      setAnswer({ source: source!, results });
    });

  return (
    <Page
      title="Policy simulator"
      description="See whether a request would be allowed, and by which statement. Nothing is done."
      crumbs={[
        { text: "IAM", href: paths.dashboard },
        { text: "Policy simulator", href: paths.simulator },
      ]}
      help={<SimulatorHelp />}
    >
      <Container header={<Header variant="h2">Policies to simulate</Header>}>
        <SourcePicker onChange={setSource} />
      </Container>
      <Container
        header={
          <Header
            variant="h2"
            actions={
              <Button variant="primary" disabled={!isReady} loading={action.isBusy} onClick={ask}>
                Run simulation
              </Button>
            }
          >
            Request
          </Header>
        }
      >
        <SpaceBetween size="m">
          <FormField label="Actions" description="One or more, such as s3:ListBucket iam:GetUser" stretch>
            <Textarea value={actions} rows={2} spellcheck={false} placeholder="s3:ListAllMyBuckets" onChange={({ detail }) => setActions(detail.value)} />
          </FormField>
          <FormField label="Resources – optional" description="ARNs; without any, all resources (*)" stretch>
            <Textarea value={resources} rows={2} spellcheck={false} placeholder="arn:aws:s3:::bucket" onChange={({ detail }) => setResources(detail.value)} />
          </FormField>
          <ContextEditor entries={context} onChange={setContext} />
        </SpaceBetween>
      </Container>
      {action.error !== undefined && <Problem error={action.error} what="The simulation" />}
      {answer !== undefined && <Results source={answer.source} results={answer.results} />}
    </Page>
  );
}
