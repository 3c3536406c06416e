import type { KeyTag } from "../api/keyDescription";
import { daysFromNow, isoDay, ROTATE_AFTER_DAYS } from "../parts/time";

/** The tags that the guide asks for, filled in as far as is known. */
export const suggestedTags = (owner: string, purpose: string): KeyTag[] => [
  { name: "Purpose", value: purpose },
  { name: "Owner", value: owner.replaceAll(/[^\p{L}\p{N}\p{Z}_.:/+\-@]/gu, "-") },
  { name: "Environment", value: "Dev" },
  { name: "Created", value: isoDay(new Date()) },
  { name: "Project", value: "" },
  { name: "Expiry", value: isoDay(daysFromNow(ROTATE_AFTER_DAYS)) },
];

/** The tags of a key that takes another's place: the same, but for the dates. */
export function renewedTags(old: KeyTag[], owner: string): KeyTag[] {
  if (old.length === 0) return suggestedTags(owner, "CLI-Access");
  const dates: Record<string, string> = { created: isoDay(new Date()), expiry: isoDay(daysFromNow(ROTATE_AFTER_DAYS)) };
  const renewed = old.map(({ name, value }) => ({ name, value: dates[name.toLowerCase()] ?? value }));
  return renewed;
}
