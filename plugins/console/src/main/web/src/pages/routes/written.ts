import { get } from '../../api';
import type { JsonObject, Route, Trace } from '../../types';
import { list } from './draft';

export interface Loaded {
  route: Route;
  /** As it is written; null where it is not in the configuration itself. */
  written: JsonObject | null;
  generation: number;
  source: 'files' | 'api';
}

interface Config {
  generation: number;
  source: 'files' | 'api';
  config: JsonObject;
}

let config: Promise<Config> | null = null;

/** A route as it serves, and as it is written. */
export async function loadRoute(name: string, signal: AbortSignal): Promise<Loaded> {
  const route = await get<Route & { written?: JsonObject }>(`/v1/routes/${encodeURIComponent(name)}`, {}, signal);
  config = get<Config>('/v1/config', {}, signal);
  const whole = await config;
  const written =
    route.written ?? (list(whole.config.routes).find((each) => (each as JsonObject).name === name) as JsonObject | undefined);
  return { route, written: written ?? null, generation: whole.generation, source: whole.source };
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
    for (const step of trace.steps) {
      const one = (steps[step.id] ??= { runs: 0, meanMicros: 0, verdicts: {} });
      one.meanMicros = (one.meanMicros * one.runs + step.selfMicros) / (one.runs + 1);
      one.runs++;
      one.verdicts[step.verdict] = (one.verdicts[step.verdict] ?? 0) + 1;
    }
  }
  return { traces: traces.length, steps };
}
