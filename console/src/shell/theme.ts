import { applyMode, Mode } from "@cloudscape-design/global-styles";
import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark" | "system";

const STORED_AS = "keywright.theme";
const system = window.matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

const isTheme = (value: string | null): value is Theme => value === "light" || value === "dark" || value === "system";

function stored(): Theme {
  try {
    const value = localStorage.getItem(STORED_AS);
    return isTheme(value) ? value : "system";
  } catch {
    return "system";
  }
}

let chosen: Theme = stored();

export const isDark = (): boolean => chosen === "dark" || (chosen === "system" && system.matches);

export function applyTheme(): void {
  applyMode(isDark() ? Mode.Dark : Mode.Light);
  for (const listener of listeners) listener();
}

export function chooseTheme(theme: Theme): void {
  chosen = theme;
  try {
    localStorage.setItem(STORED_AS, theme);
  } catch {
    // A browser that keeps nothing still shows what was chosen.
  }
  applyTheme();
}

system.addEventListener("change", applyTheme);

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useTheme = (): Theme => useSyncExternalStore(subscribe, () => chosen);
export const useIsDark = (): boolean => useSyncExternalStore(subscribe, isDark);
