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
let waiting: (() => void)[] = [];

const MARK = { 'x-sallyport-console': '1' };
const SESSION = `${BASE}/session`;
const RANK: Record<Role, number> = { read: 0, operate: 1, admin: 2 };

export const bearer = () => token;

/** Whether who is logged in may do what needs this role. */
export const may = (role: Role) => who.value !== null && RANK[who.value.role] >= RANK[role];

function take(session: Session) {
  token = session.token;
  who.value = { name: session.name, role: session.role };
  lapsed.value = false;
  clearTimeout(timer);
  timer = setTimeout(() => void renew(), Math.max(5, session.expiresInSeconds * 0.7) * 1000);
  waiting.splice(0).forEach((go) => go());
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

/** A new token by the session's cookie; false where there is no session. */
export function renew(): Promise<boolean> {
  renewing ??= (async () => {
    try {
      const response = await fetch(`${SESSION}/renew`, { method: 'POST', headers: MARK });
      if (!response.ok) {
        return false;
      }
      take(await response.json());
      return true;
    } catch {
      link.value = 'away';
      timer = setTimeout(() => void renew(), 2000);
      return false;
    } finally {
      renewing = null;
    }
  })();
  return renewing;
}

/** Waits until somebody has logged in again. */
export function lapse(): Promise<void> {
  token = null;
  lapsed.value = true;
  return new Promise((done) => waiting.push(done));
}

export async function logout() {
  await fetch(SESSION, { method: 'DELETE', headers: MARK }).catch(() => undefined);
  token = null;
  clearTimeout(timer);
  who.value = null;
  // Whatever the page still holds goes with it.
  location.assign(`${BASE}/`);
}
