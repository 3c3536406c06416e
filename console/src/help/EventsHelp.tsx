import HelpPanel from "@cloudscape-design/components/help-panel";

export function EventsHelp() {
  return (
    <HelpPanel header={<h2>Event history</h2>}>
      <p>Every call that was made with valid credentials is here for 90 days, those that were refused too.</p>
      <p>
        At first the calls that only read are left out, as in CloudTrail: choose <b>All events</b> to see them, too.
      </p>
      <h3>Find the calls of an access key</h3>
      <p>
        Choose <b>AWS access key</b> and enter the key&apos;s ID. As in CloudTrail, one attribute can be looked up at a
        time; the time range narrows it.
      </p>
      <h3>Description tags</h3>
      <p>
        Adding or changing the description of a key is a <code>TagUser</code> event.
      </p>
    </HelpPanel>
  );
}
