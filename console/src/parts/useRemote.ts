import { useCallback, useEffect, useRef, useState } from "react";

export interface Remote<T> {
  data: T | undefined;
  error: unknown;
  isLoading: boolean;
  reload: () => void;
}

/** Load something, again whenever one of the keys changes; what was there is shown until the new is. */
export function useRemote<T>(load: () => Promise<T>, keys: unknown[]): Remote<T> {
  const [state, setState] = useState<{ data?: T; error?: unknown; isLoading: boolean }>({ isLoading: true });
  const [round, setRound] = useState(0);
  const latest = useRef(0);
  const lastKeys = useRef<string>("");

  // biome-ignore lint/correctness/useExhaustiveDependencies: the caller's keys say when to load again
  useEffect(() => {
    const ours = ++latest.current;
    const isOther = lastKeys.current !== JSON.stringify(keys);
    lastKeys.current = JSON.stringify(keys);
    setState((before) => ({ ...(isOther ? {} : before), error: undefined, isLoading: true }));
    load().then(
      (data) => ours === latest.current && setState({ data, isLoading: false }),
      (error: unknown) => ours === latest.current && setState({ error, isLoading: false }),
    );
    return () => {
      latest.current += 1;
    };
    // `load` is made anew at each rendering; the keys say what it loads.
  }, [...keys, round]);

  const reload = useCallback(() => setRound((before) => before + 1), []);
  return { data: state.data, error: state.error, isLoading: state.isLoading, reload };
}
