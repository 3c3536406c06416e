import type { ReactNode } from "react";
import { useSyncExternalStore } from "react";

export interface Notice {
  id: string;
  type: "success" | "error" | "warning" | "info" | "in-progress";
  header?: ReactNode;
  content: ReactNode;
  /** Whether a page has been left since it came. */
  isOld?: boolean;
}

let notices: Notice[] = [];
let count = 0;
const listeners = new Set<() => void>();

function change(next: Notice[]): void {
  notices = next;
  for (const listener of listeners) listener();
}

/** Show a flash message above the page; it stays until it is dismissed. */
export function notify(type: Notice["type"], content: ReactNode, header?: ReactNode): string {
  const id = `notice-${++count}`;
  change([{ id, type, content, header }, ...notices].slice(0, 5));
  return id;
}

export const dismiss = (id: string): void => change(notices.filter((notice) => notice.id !== id));

/** Let go of the successes that a page has shown when the next one is gone to. */
export function leavePage(): void {
  change(notices.flatMap((notice) => (notice.type !== "success" ? [notice] : notice.isOld ? [] : [{ ...notice, isOld: true }])));
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useNotices = (): Notice[] => useSyncExternalStore(subscribe, () => notices);
