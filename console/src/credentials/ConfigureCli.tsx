import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import Toggle from "@cloudscape-design/components/toggle";
import { useState } from "react";
import type { NewAccessKey, Owner } from "../api/accessKeys";
import { PasteBlock } from "../parts/PasteBlock";
import { useSession } from "../session/useSession";
import { cliLines, olderCli, VERIFY } from "./cliLines";

interface ConfigureCliProps {
  owner: Owner;
  accessKey: NewAccessKey;
  onCopied: () => void;
}

/** Step 6 of the guide: the lines that make the CLI use the key with this server, ready to paste. */
export function ConfigureCli({ owner, accessKey, onCopied }: ConfigureCliProps) {
  const session = useSession();
  const [isShown, setShown] = useState(false);
  const region = session.status === "signedIn" ? session.region : "us-east-1";
  const lines = cliLines({ owner, accessKey, endpoint: location.origin, region });
  const seen = (text: string) => (isShown ? text : text.replaceAll(accessKey.secret, "•".repeat(16)));

  return (
    <Container
      header={
        <Header
          variant="h2"
          description={`Copy the lines into a terminal. They name this server, ${location.origin}.`}
          actions={
            <Toggle checked={isShown} onChange={({ detail }) => setShown(detail.checked)}>
              Show the secret in the lines
            </Toggle>
          }
        >
          Configure the AWS CLI
        </Header>
      }
    >
      <SpaceBetween size="l">
        <Tabs
          ariaLabel="Ways to configure the CLI"
          tabs={lines.map(({ id, tab, description, text }) => ({
            id,
            label: tab,
            content: (
              <SpaceBetween size="xs">
                <Box color="text-body-secondary">{description}</Box>
                <PasteBlock label={tab} text={text} shown={seen(text)} onCopy={text.includes(accessKey.secret) ? onCopied : undefined} />
              </SpaceBetween>
            ),
          }))}
        />
        <SpaceBetween size="xs">
          <Box variant="h3">Verify it</Box>
          <PasteBlock label="Commands that verify the key" text={VERIFY} />
          <Box color="text-body-secondary" fontSize="body-s">
            The CLI reads endpoint_url and AWS_ENDPOINT_URL from 1.29.0 and 2.13.0 on (aws --version says which it is). An
            older one, such as Debian 12&apos;s 2.9.19, calls AWS instead: update it, or give it the endpoint with each command:
          </Box>
          <PasteBlock label="For an older CLI" text={olderCli(location.origin)} />
          {location.protocol === "https:" && (
            <Box color="text-body-secondary" fontSize="body-s">
              If the server has made its own certificate, set AWS_CA_BUNDLE too, as it says when it starts.
            </Box>
          )}
        </SpaceBetween>
      </SpaceBetween>
    </Container>
  );
}
