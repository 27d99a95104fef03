import { signal } from '@preact/signals';
import type { JsonObject } from './types';
import { bearer, lapse, renew } from './session';

/** How the page and the gateway stand: `away` while it does not answer. */
export const link = signal<'up' | 'away'>('up');

/** A call that was answered with an error: RFC 9457 says why. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly body: JsonObject,
  ) {
    super(detail || title);
  }

  /** The errors of a change that was refused, one a line. */
  get errors(): string[] {
    return Array.isArray(this.body.errors) ? this.body.errors.map(String) : [];
  }
}

/** The gateway did not answer. */
export class Away extends Error {
  constructor() {
    super('The gateway does not answer.');
  }
}

export interface Call {
  body?: unknown;
  type?: string;
  query?: Record<string, string | number | boolean | undefined>;
  generation?: number;
  signal?: AbortSignal;
}

const pause = (millis: number) => new Promise((done) => setTimeout(done, millis));

/** The answer's JSON. What only looks is tried again until the gateway answers; a change is sent once. */
export async function call<T>(method: string, path: string, how: Call = {}): Promise<T> {
  const response = await send(method, path, how);
  return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
}

export async function send(method: string, path: string, how: Call = {}): Promise<Response> {
  const looks = method === 'GET' || how.query?.dryRun === true;
  for (let wait = 500; ; wait = Math.min(wait * 1.5, 3000)) {
    let response: Response;
    try {
      response = await once(method, path, how);
      if (response.status === 401 && (await renew())) {
        response = await once(method, path, how);
      }
    } catch (failure) {
      if (how.signal?.aborted) {
        throw failure;
      }
      link.value = 'away';
      if (method !== 'GET') {
        throw new Away();
      }
      await pause(wait);
      continue;
    }
    link.value = 'up';
    if (response.ok) {
      return response;
    }
    if (response.status === 401) {
      await lapse();
      if (!looks) {
        throw new Error('You had to log in again, and nothing was changed. Do it once more.');
      }
      continue;
    }
    if (response.status === 429 && method === 'GET') {
      await pause(1000 * Number(response.headers.get('retry-after') ?? 1));
      continue;
    }
    throw await problem(response);
  }
}

function once(method: string, path: string, how: Call): Promise<Response> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(how.query ?? {})) {
    if (value !== undefined && value !== '' && value !== false) {
      query.set(name, String(value));
    }
  }
  const headers = new Headers();
  const token = bearer();
  if (token) {
    headers.set('authorization', `Bearer ${token}`);
  }
  if (how.generation !== undefined) {
    headers.set('if-match', `"${how.generation}"`);
  }
  let body: BodyInit | undefined;
  if (how.body !== undefined) {
    headers.set('content-type', how.type ?? 'application/json');
    body = how.type ? (how.body as BodyInit) : JSON.stringify(how.body);
  }
  const text = query.toString();
  return fetch(text ? `${path}?${text}` : path, { method, headers, body, signal: how.signal, credentials: 'omit' });
}

export async function problem(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as JsonObject;
  return new Problem(
    response.status,
    String(body.title ?? `Status ${response.status}`),
    String(body.detail ?? ''),
    body,
  );
}

export const get = <T>(path: string, query?: Call['query'], signal?: AbortSignal) =>
  call<T>('GET', path, { query, signal });

/** Null where there is no such thing. */
export async function orNone<T>(load: Promise<T>): Promise<T | null> {
  try {
    return await load;
  } catch (failure) {
    if (failure instanceof Problem && failure.status === 404) {
      return null;
    }
    throw failure;
  }
}

/** All pages of a list. */
export async function all<T>(path: string, signal?: AbortSignal): Promise<T[]> {
  const found: T[] = [];
  for (let offset = 0; ; offset += 1000) {
    const page = await get<T[]>(path, { limit: 1000, offset: offset || undefined }, signal);
    found.push(...page);
    if (page.length < 1000) {
      return found;
    }
  }
}
