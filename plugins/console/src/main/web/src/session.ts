import { signal } from '@preact/signals';
import { link } from './api';
import { BASE } from './router';
import type { Role } from './types';

export interface Who {
  name: string;
  role: Role;
}

interface Session extends Who {
  token: string;
  expiresInSeconds: number;
}

/** Who is logged in; null while nobody is. */
export const who = signal<Who | null>(null);
/** Whether the page waits for somebody to log in again; what it shows, and what was typed, stays. */
export const lapsed = signal(false);

// In memory only: a page that is closed has no token any more.
let token: string | null = null;
let renewing: Promise<boolean> | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let waiting: { go: () => void; fail: (why: Error) => void }[] = [];

// Whether somebody has done something since the token was renewed: a page that is only open keeps no session alive.
let active = true;
for (const kind of ['pointerdown', 'keydown']) {
  addEventListener(kind, () => (active = true), { capture: true, passive: true });
}

const MARK = { 'x-sallyport-console': '1' };
const SESSION = `${BASE}/session`;
const RANK: Record<Role, number> = { read: 0, operate: 1, admin: 2 };

export const bearer = () => token;

/** Whether who is logged in may do what needs this role. */
export const may = (role: Role) => who.value !== null && RANK[who.value.role] >= RANK[role];

const pause = (seconds: number) => new Promise((done) => setTimeout(done, seconds * 1000));

function take(session: Session) {
  if (who.value && (who.value.name !== session.name || who.value.role !== session.role)) {
    // Somebody else: what this page holds and was about to do is not theirs.
    token = null;
    clearTimeout(timer);
    waiting.splice(0).forEach(({ fail }) => fail(new Error('Somebody else has logged in.')));
    location.reload();
    return;
  }
  token = session.token;
  who.value = { name: session.name, role: session.role };
  lapsed.value = false;
  clearTimeout(timer);
  timer = setTimeout(() => void renew(), Math.max(5, session.expiresInSeconds * 0.7) * 1000);
  waiting.splice(0).forEach(({ go }) => go());
}

/** Logs in by an admin token; gives why it did not work. */
export async function login(secret: string): Promise<string | null> {
  let response: Response;
  try {
    response = await fetch(SESSION, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...MARK },
      body: JSON.stringify({ token: secret }),
    });
  } catch {
    return 'The gateway does not answer. Try again.';
  }
  if (!response.ok) {
    const body = await response.json().catch(() => ({}));
    return body.detail ?? 'This token is not known.';
  }
  take(await response.json());
  return null;
}

/** A new token by the session's cookie, as soon as the gateway gives one; false where it says that there is no session. */
export function renew(): Promise<boolean> {
  clearTimeout(timer);
  renewing ??= (async () => {
    try {
      for (let wait = 1; ; wait = Math.min(wait * 1.5, 5)) {
        const response = await ask();
        if (response?.ok) {
          link.value = 'up';
          take(await response.json());
          return true;
        }
        if (response?.status === 401 || response?.status === 403) {
          return false;
        }
        if (response?.status !== 429) {
          link.value = 'away';
        }
        await pause(Number(response?.headers.get('retry-after')) || wait);
      }
    } finally {
      renewing = null;
    }
  })();
  return renewing;
}

async function ask(): Promise<Response | null> {
  const used = active;
  active = false;
  try {
    const response = await fetch(`${SESSION}/renew`, {
      method: 'POST',
      headers: { ...MARK, 'x-sallyport-active': used ? '1' : '0' },
    });
    active ||= used && !response.ok;
    return response;
  } catch {
    active ||= used;
    return null;
  }
}

/** Waits until somebody has logged in again. */
export function lapse(): Promise<void> {
  token = null;
  lapsed.value = true;
  return new Promise((go, fail) => waiting.push({ go, fail }));
}

/** Ends the session; false where it could not be ended, and goes on. */
export async function logout(): Promise<boolean> {
  const response = await fetch(SESSION, { method: 'DELETE', headers: MARK }).catch(() => null);
  if (!response?.ok) {
    return false;
  }
  token = null;
  clearTimeout(timer);
  who.value = null;
  // Whatever the page still holds goes with it.
  location.assign(`${BASE}/`);
  return true;
}
