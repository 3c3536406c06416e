import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { AccessKeysSection } from "../../credentials/AccessKeysSection";
import { CertificatesSection } from "../../credentials/CertificatesSection";
import { MfaSection } from "../../credentials/MfaSection";
import { ServiceCredentialsSection } from "../../credentials/ServiceCredentialsSection";
import { SignInAddress } from "../../credentials/SignInAddress";
import { SshKeysSection } from "../../credentials/SshKeysSection";
import { UserHelp } from "../../help/UserHelp";
import { Page } from "../../parts/Page";
import { paths } from "../../paths";
import { useIdentity } from "../../session/useSession";
import { ChangePasswordDialog } from "./ChangePasswordDialog";

/** What a person may do for themselves, without any right over others. */
export function MyCredentialsPage() {
  const { accountId, accountAlias, userName, arn } = useIdentity();
  const [isChanging, setChanging] = useState(false);
  if (accountId === "") return null;
  return (
    <Page
      title="My security credentials"
      description={userName === null ? "Root user" : "IAM user"}
      crumbs={[
        { text: "IAM", href: paths.dashboard },
        { text: "My security credentials", href: paths.myCredentials },
      ]}
      help={<UserHelp />}
    >
      <Container
        header={
          <Header
            variant="h2"
            actions={userName !== null && <Button onClick={() => setChanging(true)}>Change password</Button>}
          >
            Account details
          </Header>
        }
      >
        <KeyValuePairs
          columns={2}
          items={[
            { label: "User", value: userName ?? "Root user" },
            { label: "Account ID", value: accountAlias === null ? accountId : `${accountId} (${accountAlias})` },
            { label: "ARN", value: arn },
            { label: "Console sign-in link", value: <SignInAddress /> },
          ]}
        />
      </Container>
      <MfaSection userName={userName ?? accountId} label={userName ?? "the root user"} />
      <AccessKeysSection
        owner={userName ?? undefined}
        createPath={paths.createMyAccessKey}
        rotatePath={paths.rotateMyAccessKey}
      />
      {userName !== null && (
        <SpaceBetween size="l">
          <SshKeysSection userName={userName} />
          <ServiceCredentialsSection userName={userName} />
          <CertificatesSection userName={userName} />
        </SpaceBetween>
      )}
      {isChanging && <ChangePasswordDialog onClose={() => setChanging(false)} />}
    </Page>
  );
}
