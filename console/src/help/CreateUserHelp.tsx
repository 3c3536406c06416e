import HelpPanel from "@cloudscape-design/components/help-panel";

export function CreateUserHelp() {
  return (
    <HelpPanel header={<h2>Create user</h2>}>
      <p>A user is one person or one tool. Do not share users.</p>
      <h3>Permissions</h3>
      <p>
        Give permissions by groups: who does the same work is in the same group. Allow what the work needs and no more.
      </p>
      <h3>Permissions boundary</h3>
      <p>
        The most that the user may ever do, whatever its policies allow. It gives nothing: it is for users whose policies
        others write.
      </p>
      <h3>Access keys</h3>
      <p>
        A new user has none. Make one on the user&apos;s page, under <b>Security credentials</b>.
      </p>
    </HelpPanel>
  );
}
