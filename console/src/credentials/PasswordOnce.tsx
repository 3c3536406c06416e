import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { csvFile } from "../parts/csvFile";
import { download } from "../parts/download";
import { Secret } from "./Secret";
import { SignInAddress, useSignInAddress } from "./SignInAddress";

interface PasswordOnceProps {
  userName: string;
  password: string;
}

/** A password that was just set, shown this once. */
export function PasswordOnce({ userName, password }: PasswordOnceProps) {
  const address = useSignInAddress();
  const file = csvFile({ "User name": userName, Password: password, "Console sign-in URL": address });
  return (
    <SpaceBetween size="m">
      <Alert type="warning">This is the only time that the password is shown. Download or copy it now.</Alert>
      <KeyValuePairs
        items={[
          { label: "Console sign-in link", value: <SignInAddress /> },
          { label: "User name", value: userName },
          { label: "Console password", value: <Secret what="password" value={password} /> },
        ]}
      />
      <Button iconName="download" onClick={() => download(`${userName}_credentials.csv`, file, "text/csv")}>
        Download .csv file
      </Button>
    </SpaceBetween>
  );
}
