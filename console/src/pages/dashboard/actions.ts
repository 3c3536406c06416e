import type { InventoryKey } from "../../api/keyInventory";
import { daysSince, ROTATE_AFTER_DAYS, UNUSED_AFTER_DAYS } from "../../parts/time";

/** Tell whether a key is in nobody's use: not used for long, or never since it was made long ago. */
export const isUnused = ({ lastUsedAt, createdAt }: InventoryKey): boolean =>
  daysSince(lastUsedAt ?? createdAt) >= UNUSED_AFTER_DAYS;

/** Say what is to be done with a key; undefined where nothing is. */
export function actionFor(key: InventoryKey): string | undefined {
  if (!key.isActive) return daysSince(key.createdAt) >= ROTATE_AFTER_DAYS ? "Delete: it is inactive" : undefined;
  if (isUnused(key)) return key.lastUsedAt === undefined ? "Deactivate: it was never used" : "Deactivate: it is not used any more";
  if (daysSince(key.createdAt) >= ROTATE_AFTER_DAYS) return "Rotate: it is too old";
  return undefined;
}
