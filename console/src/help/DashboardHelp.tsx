import HelpPanel from "@cloudscape-design/components/help-panel";

export function DashboardHelp() {
  return (
    <HelpPanel header={<h2>IAM Dashboard</h2>}>
      <h3>Recommendations</h3>
      <ul>
        <li>MFA for the root user and for everybody who signs in.</li>
        <li>No access keys of the root user.</li>
        <li>Rotate keys every 90 days at least.</li>
        <li>Deactivate keys that were not used for 45 days.</li>
      </ul>
      <h3>Where it comes from</h3>
      <p>
        The keys are listed live in an account of up to 40 users; beyond, they come from the credential report, which
        may be four hours old.
      </p>
    </HelpPanel>
  );
}
