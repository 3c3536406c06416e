import HelpPanel from "@cloudscape-design/components/help-panel";

/** The guide's advice for finding the user who needs CLI access. */
export function UsersHelp() {
  return (
    <HelpPanel header={<h2>Users</h2>}>
      <p>Find the person or the tool that needs access, and open it by its name.</p>
      <h3>Before you make an access key</h3>
      <ul>
        <li>Is this the right person, and does their work need the CLI?</li>
        <li>What may they do already? Look at their permissions and groups.</li>
        <li>Do they have keys? A user has at most two, the inactive ones too.</li>
      </ul>
      <h3>Columns</h3>
      <dl>
        <dt>Last activity</dt>
        <dd>The last sign-in to the console or use of an access key. The first use within 15 minutes is recorded.</dd>
        <dt>Active key age</dt>
        <dd>Of the oldest active key. Rotate keys every 90 days at least.</dd>
      </dl>
    </HelpPanel>
  );
}
