import {
  deleteCertificate,
  listSigningCertificates,
  setCertificateStatus,
  uploadSigningCertificate,
} from "../api/serviceCredentials";
import { StatusListSection } from "./StatusListSection";

export function CertificatesSection({ userName }: { userName: string }) {
  return (
    <StatusListSection
      title="X.509 signing certificates"
      noun={["certificate", "certificates"]}
      owner={userName}
      list={async () =>
        (await listSigningCertificates(userName)).map(({ CertificateId, Status, UploadDate }) => ({
          id: CertificateId!,
          isActive: Status === "Active",
          uploadedAt: UploadDate,
        }))
      }
      upload={(text) => uploadSigningCertificate(userName, text)}
      setStatus={(id, status) => setCertificateStatus(userName, id, status)}
      remove={(id) => deleteCertificate(userName, id)}
      uploadLabel="Certificate"
      placeholder="-----BEGIN CERTIFICATE-----"
    />
  );
}
