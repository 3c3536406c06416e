import HelpPanel from "@cloudscape-design/components/help-panel";

/** The guide's advice for making and keeping an access key. */
export function AccessKeyHelp() {
  return (
    <HelpPanel header={<h2>Access keys for the CLI</h2>}>
      <p>An access key is a password for programs. It is good until somebody deactivates it.</p>
      <h3>Description tags</h3>
      <p>
        They are kept in one tag of the user, whose name is the key&apos;s ID: as AWS&apos;s own console does. So{" "}
        <code>aws iam list-user-tags</code> and other tools see them, and each change is in the event history.
      </p>
      <dl>
        <dt>Purpose</dt>
        <dd>What is the key used for?</dd>
        <dt>Owner</dt>
        <dd>Who answers for it?</dd>
        <dt>Environment</dt>
        <dd>Dev, Staging or Prod</dd>
        <dt>Created, Expiry</dt>
        <dd>When it was made, and when it is to be rotated</dd>
      </dl>
      <h3>Keep it safe</h3>
      <ul>
        <li>The secret is shown once. Download the .csv file or copy the secret now.</li>
        <li>Put it into a password manager, then delete the file from your downloads.</li>
        <li>Never send it by mail or chat, and never commit it.</li>
        <li>
          <code>chmod 600 ~/.aws/credentials</code>
        </li>
      </ul>
      <h3>Test it</h3>
      <p>
        <code>aws sts get-caller-identity</code> says who you are. If it does not work: <code>aws configure list</code>{" "}
        shows where each setting comes from.
      </p>
    </HelpPanel>
  );
}
