import type { Bar } from "./CountsChart";
import { ROTATE_AFTER_DAYS, UNUSED_AFTER_DAYS } from "./time";

/** Days from the end of the range before up to, and without, `below`. */
export interface Range {
  label: string;
  below: number;
  isConcern: boolean;
}

const ranges = (concernFrom: number, ends: [below: number, label: string][]): Range[] =>
  ends.map(([below, label]) => ({ label, below, isConcern: below > concernFrom }));

export const KEY_AGES = ranges(ROTATE_AFTER_DAYS, [
  [30, "0–29 days"],
  [60, "30–59"],
  [90, "60–89"],
  [180, "90–179"],
  [Infinity, "180+"],
]);
export const SINCE_LAST_USE = ranges(UNUSED_AFTER_DAYS, [
  [7, "0–6 days"],
  [45, "7–44"],
  [90, "45–89"],
  [Infinity, "90+"],
]);

/** Count what falls into each range; days ahead of now count as none. */
export function countByDays(into: Range[], days: number[]): Bar[] {
  const counts = into.map(() => 0);
  for (const day of days) counts[into.findIndex(({ below }) => day < below)]! += 1;
  return into.map(({ label, isConcern }, index) => ({ label, isConcern, count: counts[index]! }));
}
