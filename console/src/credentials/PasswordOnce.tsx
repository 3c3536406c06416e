import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
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
  const rows = ["User name,Password,Console sign-in URL", [userName, password, address].map(quoted).join(",")];
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
      <Button
        iconName="download"
        onClick={() => download(`${userName}_credentials.csv`, `\ufeff${rows.join("\r\n")}\r\n`, "text/csv")}
      >
        Download .csv file
      </Button>
    </SpaceBetween>
  );
}

const quoted = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
