import HelpPanel from "@cloudscape-design/components/help-panel";

export function SimulatorHelp() {
  return (
    <HelpPanel header={<h2>Policy simulator</h2>}>
      <p>It asks the same engine that decides every call, about requests that nobody makes.</p>
      <dl>
        <dt>Allowed</dt>
        <dd>A statement allows it, and none denies it.</dd>
        <dt>Denied: a statement says so</dt>
        <dd>A Deny wins over every Allow.</dd>
        <dt>Denied: no statement allows it</dt>
        <dd>What nobody allows is denied.</dd>
      </dl>
      <p>A statement&apos;s link shows it within its policy. Context keys that conditions ask for and that were not given are named.</p>
    </HelpPanel>
  );
}
