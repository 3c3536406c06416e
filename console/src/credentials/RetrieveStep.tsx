import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";
import type { Owner } from "../api/accessKeys";
import { download } from "../parts/download";
import { Problem } from "../parts/Problem";
import { ConfigureCli } from "./ConfigureCli";
import { csvName, keyCsv } from "./csv";
import type { IssuedKey } from "./issueKey";
import { Secret } from "./Secret";

interface RetrieveStepProps {
  owner: Owner;
  issued: IssuedKey;
  /** Told when the secret has been taken away: downloaded or copied. */
  onSaved: () => void;
}

/** The one sight of a secret: to be shown, copied, downloaded, and put to use. */
export function RetrieveStep({ owner, issued: { key, tagProblem }, onSaved }: RetrieveStepProps) {
  const [isDownloaded, setDownloaded] = useState(false);

  function save(): void {
    download(csvName(owner), keyCsv(key), "text/csv");
    setDownloaded(true);
    onSaved();
  }

  return (
    <SpaceBetween size="l">
      {tagProblem !== undefined && (
        <SpaceBetween size="s">
          <Alert type="warning">The key was created. Its description tags could not be stored:</Alert>
          <Problem error={tagProblem} what="Storing the description" />
        </SpaceBetween>
      )}
      <Alert type="warning" header="This is the only time that you can view or download the secret access key">
        You cannot recover it later. If you lose it, create a new access key and deactivate this one.
      </Alert>
      <Container
        header={
          <Header
            variant="h2"
            actions={
              <Button iconName="download" onClick={save}>
                Download .csv file
              </Button>
            }
          >
            Access key
          </Header>
        }
        footer={isDownloaded && <StatusIndicator type="success">{csvName(owner)} was downloaded</StatusIndicator>}
      >
        <KeyValuePairs
          columns={2}
          items={[
            {
              label: "Access key",
              value: (
                <CopyToClipboard
                  variant="inline"
                  textToCopy={key.id}
                  copyButtonAriaLabel="Copy access key ID"
                  copySuccessText="Copied"
                  copyErrorText="Copy failed"
                />
              ),
            },
            { label: "Secret access key", value: <Secret what="secret access key" value={key.secret} onCopy={onSaved} /> },
          ]}
        />
      </Container>
      <ConfigureCli owner={owner} accessKey={key} onCopied={onSaved} />
      <Container header={<Header variant="h2">Access key best practices</Header>}>
        <ul>
          <li>Put the secret into a password manager, then delete the file from your downloads.</li>
          <li>Never store it in plain text, in a code repository, or in code.</li>
          <li>Never send it by mail or chat.</li>
          <li>Deactivate or delete the key when it is not needed.</li>
          <li>Allow least privilege, and rotate the key every 90 days at least.</li>
        </ul>
      </Container>
    </SpaceBetween>
  );
}
