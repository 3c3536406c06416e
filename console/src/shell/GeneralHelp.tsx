import HelpPanel from "@cloudscape-design/components/help-panel";

export function GeneralHelp() {
  return (
    <HelpPanel header={<h2>Help</h2>}>
      <p>
        This console calls the same AWS API as the <code>aws</code> CLI, with your own permissions. Where you may not
        do something, the page names the action that is missing.
      </p>
      <p>To find a page, a user or an access key, type its name in the search above.</p>
    </HelpPanel>
  );
}
