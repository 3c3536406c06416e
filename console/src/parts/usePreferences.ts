import type { CollectionPreferencesProps } from "@cloudscape-design/components/collection-preferences";
import { useState } from "react";

export type Preferences = CollectionPreferencesProps.Preferences;

const PREFIX = "keywright.table.";

/** Keep how a table is shown in this browser, from visit to visit; what is kept and cannot be read is passed over. */
export function usePreferences(table: string, defaults: Preferences): [Preferences, (next: Preferences) => void] {
  const [preferences, setPreferences] = useState(() => ({ ...defaults, ...kept(table, defaults) }));
  function choose(next: Preferences): void {
    setPreferences(next);
    try {
      localStorage.setItem(PREFIX + table, JSON.stringify(next));
    } catch {
      // A browser that keeps nothing still shows what was chosen.
    }
  }
  return [preferences, choose];
}

function kept(table: string, { contentDisplay = [] }: Preferences): Preferences {
  try {
    const { wrapLines, contentDisplay: columns } = JSON.parse(localStorage.getItem(PREFIX + table) ?? "{}") as Preferences;
    return {
      ...(typeof wrapLines === "boolean" && { wrapLines }),
      ...(Array.isArray(columns) && isSameColumns(columns, contentDisplay) && { contentDisplay: columns }),
    };
  } catch {
    return {};
  }
}

/** Tell whether the same columns are meant, in whatever order: a newer console may have others. */
const isSameColumns = (kept: readonly { id: string; visible: boolean }[], now: readonly { id: string }[]): boolean =>
  kept.length === now.length && now.every(({ id }) => kept.some((one) => one?.id === id && typeof one.visible === "boolean"));
