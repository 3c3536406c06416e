import type { EventQuery } from "../../api/events";
import { ATTRIBUTES } from "./attributes";

/** In an address: all events are meant, whatever they are. */
const ANY = "any";

/**
 * Read the query off the page's address; what makes no sense in it is passed over.
 *
 * Without an attribute it is AWS's: the calls that changed something, or were to.
 */
export function queryOf(address: URLSearchParams): EventQuery {
  const named = address.get("attribute");
  const attribute = ATTRIBUTES.find((one) => one.value === named)?.value;
  const value = address.get("value")?.trim() ?? "";
  const chosen = attribute !== undefined && value !== "" ? { attribute, value } : named === ANY ? {} : READ_ONLY_FALSE;
  return { ...chosen, start: dateIn(address, "start"), end: dateIn(address, "end") };
}

const READ_ONLY_FALSE = { attribute: "ReadOnly", value: "false" } as const;

function dateIn(address: URLSearchParams, name: string): Date | undefined {
  const date = new Date(address.get(name) ?? "");
  return Number.isNaN(date.getTime()) ? undefined : date;
}

export function addressOf({ attribute, value, start, end }: EventQuery): Record<string, string> {
  return {
    ...(attribute !== undefined && value !== undefined ? { attribute, value } : { attribute: ANY }),
    ...(start !== undefined && { start: start.toISOString() }),
    ...(end !== undefined && { end: end.toISOString() }),
  };
}
