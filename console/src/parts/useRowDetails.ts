import { useCallback, useRef, useState } from "react";

/** What a call for a cell gave: nothing yet, a value, or what went wrong. */
export type Cell<T> = { value: T } | { error: unknown } | undefined;

const AT_ONCE = 4;

/** Load what a list does not tell, for the rows in sight only, a few at a time. */
export function useRowDetails<K extends string, D extends object>(load: (key: K) => { [P in keyof D]: () => Promise<D[P]> }) {
  const [details, setDetails] = useState<Record<string, { [P in keyof D]?: Cell<D[P]> }>>({});
  const asked = useRef(new Set<string>());
  const waiting = useRef<(() => Promise<void>)[]>([]);
  const running = useRef(0);

  const pump = useCallback(() => {
    while (running.current < AT_ONCE) {
      const next = waiting.current.shift();
      if (next === undefined) return;
      running.current += 1;
      void next().finally(() => {
        running.current -= 1;
        pump();
      });
    }
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what `load` asks for is told by its key alone
  const want = useCallback((keys: K[]) => {
    // Rows that went out of sight before their turn are asked for when they come back.
    waiting.current = [];
    for (const key of keys) {
      for (const [name, ask] of Object.entries(load(key)) as [keyof D & string, () => Promise<D[keyof D]>][]) {
        const cell = `${name} ${key}`;
        if (asked.current.has(cell)) continue;
        waiting.current.push(async () => {
          asked.current.add(cell);
          const answer = await ask().then((value) => ({ value }), (error: unknown) => ({ error }));
          setDetails((before) => ({ ...before, [key]: { ...before[key], [name]: answer } as (typeof before)[string] }));
        });
      }
    }
    pump();
  }, []);

  const forget = useCallback(() => {
    asked.current.clear();
    setDetails({});
  }, []);

  return { details, want, forget };
}
