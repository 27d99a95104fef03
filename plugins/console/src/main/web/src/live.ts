import { signal } from '@preact/signals';
import { get, link, send } from './api';
import { BASE } from './router';
import type { Live, Series } from './types';

const KEPT = 300;

/** The last five minutes, a value a second. */
export const seconds = signal<Live[]>([]);

const NOTHING = { inFlight: null, cpu: null, heap: null, routes: [], upstreams: [], consumers: [], states: [] };

let viewers = 0;
let stop: AbortController | null = null;

/** Follows the stream while anybody looks; gives what ends that. */
export function watchLive(): () => void {
  if (viewers++ === 0) {
    stop = new AbortController();
    void follow(stop.signal);
  }
  return () => {
    if (--viewers === 0) {
      stop?.abort();
      stop = null;
    }
  };
}

/** What has passed before anybody looked here. */
async function past(signal: AbortSignal) {
  const now = Date.now();
  const known = await get<Series>(`${BASE}/api/series`, { from: now - KEPT * 1000, to: now, points: KEPT }, signal);
  const one = known.series[0];
  if (one && known.step === 1 && seconds.value.length === 0) {
    seconds.value = one.at.map((at, index) => ({
      ...NOTHING,
      at,
      rps: one.requests[index],
      errors: one.errors[index],
      p50: one.p50[index],
      p95: one.p95[index],
      p99: one.p99[index],
    }));
  }
}

async function follow(signal: AbortSignal) {
  await past(signal).catch(() => undefined);
  while (!signal.aborted) {
    try {
      const response = await send('GET', `${BASE}/api/live`, { signal });
      await lines(response, signal, (line) => {
        if (line.startsWith('data:')) {
          const now = JSON.parse(line.slice(5)) as Live;
          seconds.value = [...seconds.value.slice(1 - KEPT), now];
        }
      });
    } catch (failure) {
      if (signal.aborted) {
        return;
      }
      if (failure instanceof TypeError) {
        link.value = 'away';
      }
    }
    await new Promise((done) => setTimeout(done, 1000));
  }
}

/** Hands over each line of a body as it comes. */
export async function lines(response: Response, signal: AbortSignal, take: (line: string) => void) {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  while (!signal.aborted) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    const parts = (rest + value).split('\n');
    rest = parts.pop() ?? '';
    parts.forEach(take);
  }
}
