import { get, orNone } from '../../api';
import type { JsonObject, Route, Trace } from '../../types';

export interface Loaded {
  route: Route;
  /** As it is written; null where it is not in the configuration itself. */
  written: JsonObject | null;
  /** Whether a secret is written out in it, which is not shown, so that it cannot be written anew from here. */
  hidden: boolean;
  generation: number;
}

interface Part {
  generation: number;
  source: 'files' | 'api';
  part: JsonObject;
}

/** A route as it serves, and as it is written. */
export async function loadRoute(name: string, signal: AbortSignal): Promise<Loaded> {
  const [route, config] = await Promise.all([
    get<Route>(`/v1/routes/${encodeURIComponent(name)}`, {}, signal),
    orNone(get<Part>('/v1/config', { part: `routes/${name}` }, signal)),
  ]);
  const written = config?.part ?? null;
  return {
    route,
    written,
    hidden: JSON.stringify(written).includes('"(hidden)"'),
    generation: config?.generation ?? 0,
  };
}

export interface Measured {
  runs: number;
  meanMicros: number;
  verdicts: Record<string, number>;
}

/** How the steps of a route did in its last recorded requests, by the step's id. */
export async function measured(name: string, signal: AbortSignal): Promise<{ traces: number; steps: Record<string, Measured> }> {
  const traces = await get<Trace[]>('/v1/traces', { route: name, limit: 100 }, signal);
  const steps: Record<string, Measured> = {};
  for (const trace of traces) {
    for (const step of trace.steps ?? []) {
      const one = (steps[step.id] ??= { runs: 0, meanMicros: 0, verdicts: {} });
      one.meanMicros = (one.meanMicros * one.runs + step.selfMicros) / (one.runs + 1);
      one.runs++;
      one.verdicts[step.verdict] = (one.verdicts[step.verdict] ?? 0) + 1;
    }
  }
  return { traces: traces.length, steps };
}
