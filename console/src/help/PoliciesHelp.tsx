import HelpPanel from "@cloudscape-design/components/help-panel";

export function PoliciesHelp() {
  return (
    <HelpPanel header={<h2>Policies</h2>}>
      <p>A policy says which actions are allowed or denied, on which resources, under which conditions.</p>
      <h3>How it is decided</h3>
      <ul>
        <li>What no policy allows is denied.</li>
        <li>A Deny wins over every Allow.</li>
        <li>A permissions boundary limits what the other policies may allow.</li>
      </ul>
      <h3>The editor</h3>
      <p>
        It is checked as you type, by the server&apos;s ValidatePolicy. Press Escape and then Tab to leave it with the
        keyboard.
      </p>
      <h3>Versions</h3>
      <p>A policy has five versions at most; the default one is in force.</p>
    </HelpPanel>
  );
}
