import SpaceBetween from "@cloudscape-design/components/space-between";
import { AccessKeysSection } from "./AccessKeysSection";
import { CertificatesSection } from "./CertificatesSection";
import { ConsoleAccessSection } from "./ConsoleAccessSection";
import { MfaSection } from "./MfaSection";
import { ServiceCredentialsSection } from "./ServiceCredentialsSection";
import { SshKeysSection } from "./SshKeysSection";

interface SecurityPanelProps {
  userName: string;
  createPath: string;
  rotatePath: (accessKeyId: string) => string;
}

/** All that a user signs in and signs with; each section stands by itself. */
export function SecurityPanel({ userName, createPath, rotatePath }: SecurityPanelProps) {
  return (
    <SpaceBetween size="l">
      <ConsoleAccessSection userName={userName} />
      <MfaSection userName={userName} />
      <AccessKeysSection owner={userName} createPath={createPath} rotatePath={rotatePath} />
      <SshKeysSection userName={userName} />
      <ServiceCredentialsSection userName={userName} />
      <CertificatesSection userName={userName} />
    </SpaceBetween>
  );
}
