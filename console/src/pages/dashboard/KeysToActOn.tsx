import Box from "@cloudscape-design/components/box";
import type { Inventory, InventoryKey } from "../../api/keyInventory";
import { AppLink } from "../../parts/AppLink";
import { KeyAge } from "../../parts/KeyAge";
import { ResourceTable } from "../../parts/ResourceTable";
import { ago, moment } from "../../parts/time";
import type { Remote } from "../../parts/useRemote";
import { paths } from "../../paths";
import { actionFor } from "./actions";

/** The keys that somebody should do something about, and what. */
export function KeysToActOn({ inventory }: { inventory: Remote<Inventory> }) {
  const keys = inventory.data?.keys.filter((key) => actionFor(key) !== undefined);
  const asOf = inventory.data?.asOf;
  return (
    <ResourceTable<InventoryKey>
      title="Access keys that need action"
      noun={["key", "keys"]}
      description={asOf === undefined ? undefined : `From the credential report of ${moment(asOf)}`}
      remote={{ ...inventory, data: keys }}
      idOf={({ userName, id, createdAt }) => `${userName} ${id ?? createdAt.toISOString()}`}
      textOf={({ userName, id }) => `${userName} ${id ?? ""}`}
      empty={<Box color="inherit">Every key is young and in use.</Box>}
      columns={[
        {
          id: "user",
          header: "User",
          cell: ({ userName }) =>
            userName === "<root_account>" ? "Root user" : <AppLink href={paths.user(userName, "security")}>{userName}</AppLink>,
          sortingField: "userName",
          isRowHeader: true,
        },
        { id: "id", header: "Access key ID", cell: ({ id }) => id ?? "See the user" },
        {
          id: "age",
          header: "Age",
          cell: ({ createdAt, isActive }) => <KeyAge createdAt={createdAt} isActive={isActive} />,
          sortingComparator: (a, b) => a.createdAt.getTime() - b.createdAt.getTime(),
        },
        { id: "used", header: "Last used", cell: ({ lastUsedAt }) => ago(lastUsedAt) },
        { id: "action", header: "What to do", cell: actionFor },
      ]}
    />
  );
}
