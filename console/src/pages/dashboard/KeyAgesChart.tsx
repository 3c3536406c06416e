import type { Inventory } from "../../api/keyInventory";
import { CountsChart } from "../../parts/CountsChart";
import { Problem } from "../../parts/Problem";
import { countByDays, KEY_AGES } from "../../parts/ranges";
import { daysSince } from "../../parts/time";
import type { Remote } from "../../parts/useRemote";

/** How many active keys have which age; those of 90 days and more in another colour. */
export function KeyAgesChart({ inventory }: { inventory: Remote<Inventory> }) {
  if (inventory.error !== undefined) return <Problem error={inventory.error} what="Listing the keys" onRetry={inventory.reload} />;
  const ages = (inventory.data?.keys ?? []).flatMap(({ isActive, createdAt }) => (isActive ? [daysSince(createdAt)] : []));
  return (
    <CountsChart
      title="Ages of access keys"
      bars={countByDays(KEY_AGES, ages)}
      xTitle="Age"
      yTitle="Active keys"
      legend={{ fine: "Up to date", concern: "Rotation due" }}
      isLoading={inventory.data === undefined}
      empty="There are no active access keys."
    />
  );
}
