import { type Bearer, listBearers } from "../../api/policies";
import { AppLink } from "../../parts/AppLink";
import { ResourceTable } from "../../parts/ResourceTable";
import { useRemote } from "../../parts/useRemote";
import { paths } from "../../paths";

const hrefOf = ({ kind, name }: Bearer): string =>
  kind === "User" ? paths.user(name) : kind === "Group" ? paths.group(name) : paths.role(name);

/** Who has a policy. */
export function BearersTab({ arn }: { arn: string }) {
  const bearers = useRemote(() => listBearers(arn), [arn]);
  return (
    <ResourceTable<Bearer>
      title="Entities attached"
      noun={["entity", "entities"]}
      remote={bearers}
      idOf={({ kind, name, use }) => `${kind} ${name} ${use}`}
      textOf={({ name }) => name}
      empty="This policy is not attached to any identity."
      columns={[
        {
          id: "name",
          header: "Name",
          cell: (bearer) => <AppLink href={hrefOf(bearer)}>{bearer.name}</AppLink>,
          sortingField: "name",
          isRowHeader: true,
        },
        { id: "kind", header: "Type", cell: ({ kind }) => kind, sortingField: "kind" },
        { id: "use", header: "Used as", cell: ({ use }) => (use === "PermissionsBoundary" ? "Permissions boundary" : "Permissions policy") },
      ]}
    />
  );
}
