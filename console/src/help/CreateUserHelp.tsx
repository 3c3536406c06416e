import HelpPanel from "@cloudscape-design/components/help-panel";

export function CreateUserHelp() {
  return (
    <HelpPanel header={<h2>Create user</h2>}>
      <p>A user is one person or one tool. Do not share users.</p>
      <h3>Permissions</h3>
      <p>
        Give permissions by groups: who does the same work is in the same group. Allow what the work needs and no more.
      </p>
      <h3>Access keys</h3>
      <p>
        A new user has none. Make one on the user&apos;s page, under <b>Security credentials</b>.
      </p>
    </HelpPanel>
  );
}
