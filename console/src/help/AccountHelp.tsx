import HelpPanel from "@cloudscape-design/components/help-panel";

export function AccountHelp() {
  return (
    <HelpPanel header={<h2>Account settings</h2>}>
      <h3>Password policy</h3>
      <p>
        Without one of your own: 8 to 128 characters of three of the four kinds (upper case, lower case, digits,
        symbols), not the account&apos;s name or e-mail address, never expiring.
      </p>
      <h3>Account alias</h3>
      <p>A name to sign in with in place of the account ID. An account has one.</p>
    </HelpPanel>
  );
}
