import HelpPanel from "@cloudscape-design/components/help-panel";

export function RotationHelp() {
  return (
    <HelpPanel header={<h2>Rotate an access key</h2>}>
      <p>Two keys work side by side, so that nothing has to stop:</p>
      <ol>
        <li>Make the new key and save its secret.</li>
        <li>Put it wherever the old one is used: CLI profiles, CI systems, programs.</li>
        <li>See that the old key is used no more, and the new one is.</li>
        <li>Deactivate the old key. It can be activated again if something was missed.</li>
        <li>Delete it after a few days.</li>
      </ol>
      <p>
        You can leave between the steps, and choose <b>Rotate</b> in the old key&apos;s actions again. With two keys the
        page asks whether the newer one is the replacement: a key that is older or inactive never is.
      </p>
    </HelpPanel>
  );
}
