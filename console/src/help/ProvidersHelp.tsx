import HelpPanel from "@cloudscape-design/components/help-panel";

export function ProvidersHelp() {
  return (
    <HelpPanel header={<h2>Identity providers</h2>}>
      <p>Who has an account elsewhere, or a workload with a token, can assume a role here without a key.</p>
      <dl>
        <dt>OpenID Connect</dt>
        <dd>Tokens of an issuer, for the audiences that you name: AssumeRoleWithWebIdentity</dd>
        <dt>SAML</dt>
        <dd>Assertions of an identity provider, verified by its metadata: AssumeRoleWithSAML</dd>
      </dl>
      <p>Then make a role whose trust policy names the provider&apos;s ARN as Federated principal.</p>
    </HelpPanel>
  );
}
