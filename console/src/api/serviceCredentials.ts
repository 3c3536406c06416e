import {
  CreateServiceSpecificCredentialCommand,
  DeleteServiceSpecificCredentialCommand,
  DeleteSigningCertificateCommand,
  DeleteSSHPublicKeyCommand,
  ListServiceSpecificCredentialsCommand,
  ListSigningCertificatesCommand,
  ListSSHPublicKeysCommand,
  ResetServiceSpecificCredentialCommand,
  type ServiceSpecificCredential,
  type ServiceSpecificCredentialMetadata,
  UpdateServiceSpecificCredentialCommand,
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

export type { ServiceSpecificCredentialMetadata };

/** A credential with its secret, which is in this answer only. */
export interface NewServiceCredential {
  id: string;
  service: string;
  /** Who signs in with the password; an API key says it itself. */
  userName: string | undefined;
  secret: string;
}

const newCredential = (made: ServiceSpecificCredential): NewServiceCredential => ({
  id: made.ServiceSpecificCredentialId!,
  service: made.ServiceName!,
  userName: made.ServiceUserName,
  secret: (made.ServicePassword ?? made.ServiceCredentialSecret)!,
});

export const listServiceCredentials = (UserName: string): Promise<ServiceSpecificCredentialMetadata[]> =>
  everyPage(
    (Marker) => iam().send(new ListServiceSpecificCredentialsCommand({ UserName, Marker })),
    (page) => page.ServiceSpecificCredentials,
  );

/** Make a credential; one that is an API key may end after some days. */
export async function createServiceCredential(UserName: string, ServiceName: string, days?: number): Promise<NewServiceCredential> {
  const { ServiceSpecificCredential } = await iam().send(
    new CreateServiceSpecificCredentialCommand({ UserName, ServiceName, ...(days !== undefined && { CredentialAgeDays: days }) }),
  );
  return newCredential(ServiceSpecificCredential!);
}

export async function resetServiceCredential(UserName: string, ServiceSpecificCredentialId: string): Promise<NewServiceCredential> {
  const { ServiceSpecificCredential } = await iam().send(
    new ResetServiceSpecificCredentialCommand({ UserName, ServiceSpecificCredentialId }),
  );
  return newCredential(ServiceSpecificCredential!);
}

export const setServiceCredentialStatus = (UserName: string, ServiceSpecificCredentialId: string, Status: Status) =>
  iam().send(new UpdateServiceSpecificCredentialCommand({ UserName, ServiceSpecificCredentialId, Status }));

export const deleteServiceCredential = (UserName: string, ServiceSpecificCredentialId: string) =>
  iam().send(new DeleteServiceSpecificCredentialCommand({ UserName, ServiceSpecificCredentialId }));

/** Delete what else a user signs in with: SSH keys, certificates, passwords of single services. */
export async function deleteServiceCredentials(UserName: string): Promise<void> {
  for (const key of await listSshKeys(UserName)) await deleteSshKey(UserName, key.SSHPublicKeyId!);
  for (const certificate of await listSigningCertificates(UserName)) {
    await deleteCertificate(UserName, certificate.CertificateId!);
  }
  for (const credential of await listServiceCredentials(UserName)) {
    await deleteServiceCredential(UserName, credential.ServiceSpecificCredentialId!);
  }
}
