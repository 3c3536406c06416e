import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";
import { createOpenIdProvider, createSamlProvider } from "../../api/providers";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { notify } from "../../shell/notices";

export function AddProviderDialog({ onAdded, onClose }: { onAdded: () => void; onClose: () => void }) {
  const [kind, setKind] = useState("oidc");
  const [url, setUrl] = useState("https://");
  const [audience, setAudience] = useState("sts.amazonaws.com");
  const [name, setName] = useState("");
  const [metadata, setMetadata] = useState("");
  return (
    <ConfirmDialog
      title="Add identity provider"
      confirm="Add provider"
      onConfirm={async () => {
        await (kind === "oidc" ? createOpenIdProvider(url.trim(), [audience.trim()]) : createSamlProvider(name.trim(), metadata.trim()));
        notify("success", "The identity provider was added.");
        onAdded();
      }}
      onClose={onClose}
    >
      <SegmentedControl
        label="Type of provider"
        selectedId={kind}
        onChange={({ detail }) => setKind(detail.selectedId)}
        options={[
          { id: "oidc", text: "OpenID Connect" },
          { id: "saml", text: "SAML" },
        ]}
      />
      {kind === "oidc" ? (
        <SpaceBetween size="m">
          <FormField label="Provider URL" constraintText="The issuer of the tokens">
            <Input value={url} onChange={({ detail }) => setUrl(detail.value)} type="url" />
          </FormField>
          <FormField label="Audience" constraintText="The client ID that the tokens are for">
            <Input value={audience} onChange={({ detail }) => setAudience(detail.value)} />
          </FormField>
        </SpaceBetween>
      ) : (
        <SpaceBetween size="m">
          <FormField label="Provider name">
            <Input value={name} onChange={({ detail }) => setName(detail.value)} spellcheck={false} />
          </FormField>
          <FormField label="Metadata document" constraintText="The XML that the identity provider gives">
            <Textarea value={metadata} onChange={({ detail }) => setMetadata(detail.value)} rows={8} spellcheck={false} />
          </FormField>
        </SpaceBetween>
      )}
    </ConfirmDialog>
  );
}
