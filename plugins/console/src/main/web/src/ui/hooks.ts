import { useEffect, useRef, useState } from 'preact/hooks';

export interface Loaded<T> {
  value: T | undefined;
  failure: Error | undefined;
  again: () => void;
}

/** Loads what a page shows, again when its keys change; the old stays to see until the new is there. */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, keys: unknown[], everyMillis = 0): Loaded<T> {
  const [state, set] = useState<{ value?: T; failure?: Error }>({});
  const [round, again] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const run = () =>
      load(stop.signal).then(
        (value) => {
          if (!stop.signal.aborted) {
            set({ value });
            timer = everyMillis ? setTimeout(run, everyMillis) : undefined;
          }
        },
        (failure) => {
          if (!stop.signal.aborted) {
            set((old) => ({ ...old, failure }));
            timer = everyMillis ? setTimeout(run, everyMillis) : undefined;
          }
        },
      );
    void run();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [...keys, round]);
  return { value: state.value, failure: state.failure, again: () => again((n) => n + 1) };
}

/** The page's title, for the tab and for who hears the page. */
export function useTitle(title: string) {
  useEffect(() => {
    document.title = `${title} · Sallyport`;
  }, [title]);
}

let next = 0;

/** An id of its own for what labels refer to. */
export function useName(prefix: string): string {
  const name = useRef('');
  name.current ||= `${prefix}-${++next}`;
  return name.current;
}
