import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { addAudience, getProvider, type Provider, removeAudience } from "../../api/providers";
import { PasteBlock } from "../../parts/PasteBlock";
import { Problem } from "../../parts/Problem";
import { useAction } from "../../parts/useAction";
import { useRemote } from "../../parts/useRemote";
import { Waiting } from "../../parts/Waiting";

/** One identity provider: what it is known by, and for whom its tokens may be. */
export function ProviderDialog({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const details = useRemote(() => getProvider(provider), [provider.arn]);
  const action = useAction();
  const [audience, setAudience] = useState("");
  const found = details.data;

  const change = (work: () => Promise<unknown>) =>
    action.run(async () => {
      await work();
      setAudience("");
      details.reload();
    });

  return (
    <Modal visible size="large" header={provider.name} onDismiss={onClose}>
      <SpaceBetween size="m">
        {details.error !== undefined && <Problem error={details.error} what="Loading the provider" onRetry={details.reload} />}
        {action.error !== undefined && <Problem error={action.error} what="The change" />}
        {details.isLoading && found === undefined && <Waiting what="the provider" />}
        <KeyValuePairs
          items={[
            { label: "ARN", value: provider.arn },
            ...(found?.url === undefined ? [] : [{ label: "Provider URL", value: found.url }]),
            ...(found?.thumbprints === undefined ? [] : [{ label: "Thumbprints", value: found.thumbprints.join(", ") || "None" }]),
          ]}
        />
        {found?.audiences !== undefined && (
          <FormField label="Audiences" stretch>
            <SpaceBetween size="xs">
              {found.audiences.map((one) => (
                <SpaceBetween key={one} direction="horizontal" size="xs" alignItems="center">
                  <span>{one}</span>
                  <Button
                    variant="inline-link"
                    ariaLabel={`Remove ${one}`}
                    disabled={action.isBusy}
                    onClick={() => change(() => removeAudience(provider.arn, one))}
                  >
                    Remove
                  </Button>
                </SpaceBetween>
              ))}
              <SpaceBetween direction="horizontal" size="xs">
                <Input ariaLabel="New audience" value={audience} onChange={({ detail }) => setAudience(detail.value)} />
                <Button
                  loading={action.isBusy}
                  disabled={audience.trim() === ""}
                  onClick={() => change(() => addAudience(provider.arn, audience.trim()))}
                >
                  Add audience
                </Button>
              </SpaceBetween>
            </SpaceBetween>
          </FormField>
        )}
        {found?.metadata !== undefined && <PasteBlock label="Metadata document" text={found.metadata} />}
      </SpaceBetween>
    </Modal>
  );
}
