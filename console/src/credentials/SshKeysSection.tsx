import { deleteSshKey, listSshKeys, setSshKeyStatus, uploadSshKey } from "../api/serviceCredentials";
import { UploadsSection } from "./UploadsSection";

export function SshKeysSection({ userName }: { userName: string }) {
  return (
    <UploadsSection
      title="SSH public keys"
      noun={["SSH public key", "SSH public keys"]}
      owner={userName}
      list={async () =>
        (await listSshKeys(userName)).map(({ SSHPublicKeyId, Status, UploadDate }) => ({
          id: SSHPublicKeyId!,
          status: Status!,
          uploadedAt: UploadDate,
        }))
      }
      upload={(text) => uploadSshKey(userName, text)}
      setStatus={(id, status) => setSshKeyStatus(userName, id, status)}
      remove={(id) => deleteSshKey(userName, id)}
      uploadLabel="SSH public key"
      placeholder="ssh-rsa AAAA…"
    />
  );
}
