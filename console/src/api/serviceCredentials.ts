import {
  DeleteSigningCertificateCommand,
  DeleteSSHPublicKeyCommand,
  DeleteServiceSpecificCredentialCommand,
  ListSigningCertificatesCommand,
  ListSSHPublicKeysCommand,
  ListServiceSpecificCredentialsCommand,
  UpdateSigningCertificateCommand,
  UpdateSSHPublicKeyCommand,
  UploadSigningCertificateCommand,
  UploadSSHPublicKeyCommand,
} from "@aws-sdk/client-iam";
import { iam } from "./iamClient";
import { everyPage } from "./pages";

type Status = "Active" | "Inactive";

export const listSshKeys = (UserName: string) =>
  everyPage((Marker) => iam().send(new ListSSHPublicKeysCommand({ UserName, Marker })), (page) => page.SSHPublicKeys);

export const uploadSshKey = (UserName: string, SSHPublicKeyBody: string) =>
  iam().send(new UploadSSHPublicKeyCommand({ UserName, SSHPublicKeyBody }));

export const setSshKeyStatus = (UserName: string, SSHPublicKeyId: string, Status: Status) =>
  iam().send(new UpdateSSHPublicKeyCommand({ UserName, SSHPublicKeyId, Status }));

export const deleteSshKey = (UserName: string, SSHPublicKeyId: string) =>
  iam().send(new DeleteSSHPublicKeyCommand({ UserName, SSHPublicKeyId }));

export const listSigningCertificates = (UserName: string) =>
  everyPage((Marker) => iam().send(new ListSigningCertificatesCommand({ UserName, Marker })), (page) => page.Certificates);

export const uploadSigningCertificate = (UserName: string, CertificateBody: string) =>
  iam().send(new UploadSigningCertificateCommand({ UserName, CertificateBody }));

export const setCertificateStatus = (UserName: string, CertificateId: string, Status: Status) =>
  iam().send(new UpdateSigningCertificateCommand({ UserName, CertificateId, Status }));

export const deleteCertificate = (UserName: string, CertificateId: string) =>
  iam().send(new DeleteSigningCertificateCommand({ UserName, CertificateId }));

/** Delete what else a user signs in with: SSH keys, certificates, passwords of single services. */
export async function deleteServiceCredentials(UserName: string): Promise<void> {
  for (const key of await listSshKeys(UserName)) await deleteSshKey(UserName, key.SSHPublicKeyId!);
  for (const certificate of await listSigningCertificates(UserName)) {
    await deleteCertificate(UserName, certificate.CertificateId!);
  }
  const { ServiceSpecificCredentials } = await iam().send(new ListServiceSpecificCredentialsCommand({ UserName }));
  for (const { ServiceSpecificCredentialId } of ServiceSpecificCredentials ?? []) {
    await iam().send(new DeleteServiceSpecificCredentialCommand({ UserName, ServiceSpecificCredentialId }));
  }
}
