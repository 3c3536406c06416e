import HelpPanel from "@cloudscape-design/components/help-panel";

/** The guide's advice for a user's security credentials. */
export function UserHelp() {
  return (
    <HelpPanel header={<h2>Security credentials</h2>}>
      <p>Before you make a key, look at what there is:</p>
      <ul>
        <li>
          <b>Access keys</b>: at most two. Deactivate old or unused ones.
        </li>
        <li>
          <b>MFA</b>: is a device assigned?
        </li>
        <li>
          <b>Console access</b>: does this user need a password at all?
        </li>
        <li>
          <b>Last activity</b>: when was each key used, with which service?
        </li>
        <li>
          <b>Service-specific credentials</b>: passwords and API keys that one service alone takes, such as Git in
          CodeCommit. Let API keys expire.
        </li>
      </ul>
      <h3>Rotation</h3>
      <p>
        Every 90 days at least: make a second key, put it everywhere, see that the old one is used no more, deactivate
        it, and delete it once nothing depends on it. <b>Rotate</b> in a key's actions leads through these steps.
      </p>
      <h3>Never</h3>
      <ul>
        <li>Put a key into source code, a log or a message.</li>
        <li>Share a key between people or systems.</li>
        <li>Use the root user's keys for the CLI.</li>
      </ul>
    </HelpPanel>
  );
}
