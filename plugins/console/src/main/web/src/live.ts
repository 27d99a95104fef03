import { signal } from '@preact/signals';
import { link, send } from './api';
import { BASE } from './router';
import type { Live } from './types';

const KEPT = 300;

/** The last five minutes, a value a second. */
export const seconds = signal<Live[]>([]);

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

async function follow(signal: AbortSignal) {
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
