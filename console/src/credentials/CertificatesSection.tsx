import {
  deleteCertificate,
  listSigningCertificates,
  setCertificateStatus,
  uploadSigningCertificate,
} from "../api/serviceCredentials";
import { UploadsSection } from "./UploadsSection";

export function CertificatesSection({ userName }: { userName: string }) {
  return (
    <UploadsSection
      title="X.509 signing certificates"
      noun={["certificate", "certificates"]}
      owner={userName}
      list={async () =>
        (await listSigningCertificates(userName)).map(({ CertificateId, Status, UploadDate }) => ({
          id: CertificateId!,
          status: Status!,
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
