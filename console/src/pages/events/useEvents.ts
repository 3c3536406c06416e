import { useCallback, useEffect, useRef, useState } from "react";
import { type EventQuery, lookupEvents, type TrailEvent } from "../../api/events";

interface State {
  pages: TrailEvent[][];
  /** Of the page after the last; undefined at the end. */
  next: string | undefined;
  page: number;
  isLoading: boolean;
  error: unknown;
}

const START: State = { pages: [], next: undefined, page: 0, isLoading: true, error: undefined };

/** Look events up page by page; a page is asked for when it is gone to. */
export function useEvents(query: EventQuery) {
  const [state, setState] = useState(START);
  const [round, setRound] = useState(0);
  const latest = useRef(0);
  const key = JSON.stringify(query);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the query's text tells whether it is another
  useEffect(() => {
    const ours = ++latest.current;
    setState(START);
    lookupEvents(query).then(
      ({ events, next }) => ours === latest.current && setState({ pages: [events], next, page: 0, isLoading: false, error: undefined }),
      (error: unknown) => ours === latest.current && setState({ ...START, isLoading: false, error }),
    );
    return () => {
      latest.current += 1;
    };
    // The query is made anew at each rendering; its text tells whether it is another.
  }, [key, round]);

  async function goTo(page: number): Promise<void> {
    if (page < state.pages.length || state.next === undefined) {
      setState((before) => ({ ...before, page: Math.min(page, before.pages.length - 1) }));
      return;
    }
    const ours = latest.current;
    setState((before) => ({ ...before, isLoading: true }));
    try {
      const { events, next } = await lookupEvents(query, state.next);
      if (ours !== latest.current) return;
      setState((before) =>
        events.length === 0
          ? { ...before, next, isLoading: false }
          : { ...before, pages: [...before.pages, events], next, page: before.pages.length, isLoading: false },
      );
    } catch (error) {
      if (ours === latest.current) setState({ ...START, isLoading: false, error });
    }
  }

  const reload = useCallback(() => setRound((before) => before + 1), []);
  const { pages, page, isLoading, error } = state;
  return { pages, page, goTo, isLoading, error, isEnd: state.next === undefined, reload };
}
