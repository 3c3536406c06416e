import {
  deleteServiceCredential,
  listServiceCredentials,
  setServiceCredentialStatus,
} from "../api/serviceCredentials";
import { age, moment } from "../parts/time";
import { CreateServiceCredentialDialog } from "./CreateServiceCredentialDialog";
import { ResetServiceCredentialDialog } from "./ResetServiceCredentialDialog";
import { type StatusItem, StatusListSection } from "./StatusListSection";
import { serviceLabel } from "./services";

interface Row extends StatusItem {
  service: string;
  /** What the service knows the user by. */
  name: string;
  createdAt: Date | undefined;
  expiresAt: Date | undefined;
}

const listRows = async (userName: string): Promise<Row[]> =>
  (await listServiceCredentials(userName)).map((found) => ({
    id: found.ServiceSpecificCredentialId!,
    status: found.Status!,
    service: found.ServiceName!,
    name: found.ServiceUserName ?? found.ServiceCredentialAlias ?? "-",
    createdAt: found.CreateDate,
    expiresAt: found.ExpirationDate,
  }));

/** What a user signs in to single services with: Git passwords, API keys. */
export function ServiceCredentialsSection({ userName }: { userName: string }) {
  return (
    <StatusListSection<Row>
      title="Service-specific credentials"
      noun={["credential", "credentials"]}
      owner={userName}
      list={() => listRows(userName)}
      columns={[
        { id: "name", header: "Name", cell: ({ name }) => name, isRowHeader: true },
        { id: "service", header: "Service", cell: ({ service }) => serviceLabel(service) },
        { id: "created", header: "Created", cell: ({ createdAt }) => age(createdAt) },
        { id: "expires", header: "Expires", cell: ({ expiresAt }) => (expiresAt === undefined ? "Never" : moment(expiresAt)) },
      ]}
      setStatus={(id, status) => setServiceCredentialStatus(userName, id, status)}
      remove={(id) => deleteServiceCredential(userName, id)}
      add={{
        label: "Generate credential",
        dialog: (props) => <CreateServiceCredentialDialog userName={userName} {...props} />,
      }}
      more={{
        label: "Reset",
        dialog: ({ id }, props) => <ResetServiceCredentialDialog userName={userName} id={id} {...props} />,
      }}
    />
  );
}
