import HelpPanel from "@cloudscape-design/components/help-panel";

export function RolesHelp() {
  return (
    <HelpPanel header={<h2>Roles</h2>}>
      <p>A role is assumed for a while: by users, by services, by who an identity provider vouches for. It has no keys.</p>
      <dl>
        <dt>Trust relationships</dt>
        <dd>Who may assume the role</dd>
        <dt>Permissions</dt>
        <dd>What it may do then</dd>
        <dt>Permissions boundary</dt>
        <dd>The most that it may ever do, whatever its policies allow</dd>
        <dt>Revoke sessions</dt>
        <dd>Denies everything to the sessions that were begun before this moment</dd>
      </dl>
      <p>
        <code>aws sts assume-role --role-arn ARN --role-session-name NAME</code>
      </p>
    </HelpPanel>
  );
}
