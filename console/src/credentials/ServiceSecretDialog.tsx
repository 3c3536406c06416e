import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { NewServiceCredential } from "../api/serviceCredentials";
import { csvFile } from "../parts/csvFile";
import { download } from "../parts/download";
import { Secret } from "./Secret";
import { serviceLabel } from "./services";

interface ServiceSecretDialogProps {
  title: string;
  credential: NewServiceCredential;
  onClose: () => void;
}

/** The one sight of a service-specific credential's secret. */
export function ServiceSecretDialog({ title, credential, onClose }: ServiceSecretDialogProps) {
  const { id, service, userName, secret } = credential;
  const what = userName === undefined ? "API key" : "password";
  const columns: Record<string, string> = userName === undefined ? { "API key": secret } : { "User name": userName, Password: secret };
  return (
    <Modal
      visible
      header={title}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="download" onClick={() => download(`${id}_credentials.csv`, csvFile(columns), "text/csv")}>
              Download .csv file
            </Button>
            <Button variant="primary" onClick={onClose}>
              Done
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Alert type="warning">This is the only time that the {what} is shown. Download or copy it now.</Alert>
        <KeyValuePairs
          items={[
            { label: "Service", value: serviceLabel(service) },
            ...(userName === undefined ? [] : [{ label: "User name", value: userName }]),
            { label: what === "password" ? "Password" : what, value: <Secret what={what} value={secret} /> },
          ]}
        />
      </SpaceBetween>
    </Modal>
  );
}
