import HelpPanel from "@cloudscape-design/components/help-panel";

export function CredentialReportHelp() {
  return (
    <HelpPanel header={<h2>Credential report</h2>}>
      <p>One line for each user and the root user: passwords, MFA, access keys, certificates.</p>
      <p>As on AWS, a report is made at most every four hours: what changed since is not in it.</p>
      <h3>Look for</h3>
      <ul>
        <li>a password without MFA</li>
        <li>keys that were rotated more than 90 days ago</li>
        <li>active keys that are not used, or never were</li>
      </ul>
    </HelpPanel>
  );
}
