import HelpPanel from "@cloudscape-design/components/help-panel";

export function GroupsHelp() {
  return (
    <HelpPanel header={<h2>User groups</h2>}>
      <p>A group gives its members permissions. Who does the same work is in the same group.</p>
      <ul>
        <li>A user may be in ten groups.</li>
        <li>A group cannot sign in, and cannot be in another.</li>
      </ul>
    </HelpPanel>
  );
}
