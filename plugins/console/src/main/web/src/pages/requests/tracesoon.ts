import { get } from '../../api';
import type { Trace } from '../../types';

/** The trace of a request that has just ended: it is there a moment after the answer. */
export async function traceSoon(once: string, signal: AbortSignal): Promise<Trace | null> {
  for (let tries = 0; tries < 12; tries++) {
    const [trace] = await get<Trace[]>('/v1/traces', { once, limit: 1 }, signal);
    if (trace) {
      return trace;
    }
    await new Promise((done) => setTimeout(done, 150));
  }
  return null;
}
