import BarChart from "@cloudscape-design/components/bar-chart";
import Box from "@cloudscape-design/components/box";
import type { Inventory } from "../../api/keyInventory";
import { Problem } from "../../parts/Problem";
import { daysSince, ROTATE_AFTER_DAYS } from "../../parts/time";
import type { Remote } from "../../parts/useRemote";

const RANGES = [
  { label: "0–29 days", below: 30 },
  { label: "30–59", below: 60 },
  { label: "60–89", below: 90 },
  { label: "90–179", below: 180 },
  { label: "180 and more", below: Infinity },
];

const rangeOf = (days: number): number => RANGES.findIndex(({ below }) => days < below);

/** How many active keys have which age; those of 90 days and more in another colour. */
export function KeyAgesChart({ inventory }: { inventory: Remote<Inventory> }) {
  if (inventory.error !== undefined) return <Problem error={inventory.error} what="Listing the keys" onRetry={inventory.reload} />;
  const counts = RANGES.map(() => 0);
  for (const { isActive, createdAt } of inventory.data?.keys ?? []) {
    if (isActive) counts[rangeOf(daysSince(createdAt))]! += 1;
  }
  const series = (title: string, isOld: boolean) => ({
    title,
    type: "bar" as const,
    color: isOld ? "#c33d69" : "#688ae8",
    data: RANGES.flatMap(({ label, below }, index) => (below > ROTATE_AFTER_DAYS === isOld ? [{ x: label, y: counts[index]! }] : [])),
  });
  return (
    <BarChart
      series={[series("To be kept", false), series("To be rotated", true)]}
      xDomain={RANGES.map(({ label }) => label)}
      yDomain={[0, Math.max(4, ...counts)]}
      xTitle="Age"
      yTitle="Active keys"
      xTickFormatter={String}
      yTickFormatter={(value) => (Number.isInteger(value) ? String(value) : "")}
      stackedBars
      hideFilter
      height={200}
      ariaLabel="Ages of access keys"
      statusType={inventory.data === undefined ? "loading" : "finished"}
      loadingText="Loading the keys"
      empty={<Box textAlign="center">There are no access keys.</Box>}
    />
  );
}
