import { get, Problem } from '../../api';
import type { Trace } from '../../types';

/** The trace of a request that has just ended: it is there a moment after the answer. */
export async function traceSoon(id: string, signal: AbortSignal): Promise<Trace | null> {
  for (let tries = 0; tries < 10; tries++) {
    try {
      return await get<Trace>(`/v1/traces/${encodeURIComponent(id)}`, {}, signal);
    } catch (failure) {
      if (!(failure instanceof Problem && failure.status === 404)) {
        throw failure;
      }
      await new Promise((done) => setTimeout(done, 150));
    }
  }
  return null;
}
