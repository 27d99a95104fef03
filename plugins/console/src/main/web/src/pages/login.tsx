import { useEffect, useState } from 'preact/hooks';
import { link } from '../api';
import { BASE, place } from '../router';
import { login, renew } from '../session';
import { Dialog } from '../ui/dialog';
import { useLoad } from '../ui/hooks';
import { Icon } from '../ui/icons';

interface Ways {
  token: boolean;
  oidc: { name: string } | null;
}

/** What can come of a login at the provider. */
const CAME: Record<string, string> = {
  'no-role': 'The provider knows you, but none of your groups gives you a role here.',
  refused: 'The provider has refused the login.',
  invalid: 'The answer of the provider could not be trusted. Try again.',
  expired: 'The login took too long. Try again.',
  unavailable: 'The provider does not answer. Try again later, or log in by a token.',
  full: 'There are too many sessions. Log out elsewhere, or wait until one ends.',
};

/** The page before all others. */
export function Login() {
  const came = place.value.query.get('login');
  return (
    <main class="login">
      <div class="login-card">
        <h1>
          <img src={`${BASE}/icon.svg`} alt="" width="28" height="28" /> Sallyport
        </h1>
        <p class="muted">Log in to look at the gateway, and to change it.</p>
        {came && (
          <p class="failure" role="alert">
            {CAME[came] ?? 'The login at the provider did not work.'}
          </p>
        )}
        <LoginForm />
        {link.value === 'away' && (
          <p class="banner" role="alert">
            <Icon name="warn" /> The gateway does not answer. The page tries again by itself.
          </p>
        )}
      </div>
    </main>
  );
}

/** The session is over, for it was idle, or the gateway was started again; the page stays as it is behind this. */
export function Lapsed() {
  useEffect(() => {
    // Who logs in at the provider does so in another tab, and comes back.
    const back = () => void renew();
    addEventListener('focus', back);
    return () => removeEventListener('focus', back);
  }, []);
  return (
    <Dialog title="Log in again" onClose={() => undefined} firm>
      <div class="pad">
        <p>The session is over: it was idle for long, or the gateway was started again. What you typed is still there.</p>
        <LoginForm aside />
      </div>
    </Dialog>
  );
}

function LoginForm({ aside }: { aside?: boolean }) {
  const [secret, setSecret] = useState('');
  const [why, setWhy] = useState('');
  const [busy, setBusy] = useState(false);
  const { value: ways } = useLoad<Ways>(
    () => fetch(`${BASE}/session/ways`).then((answer) => answer.json(), () => ({ token: true, oidc: null })),
    [],
  );
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    const failed = await login(secret.trim());
    setBusy(false);
    setSecret('');
    setWhy(failed ?? '');
  };
  return (
    <form class="stack" onSubmit={submit}>
      <div class="field">
        <label for="token">Admin token</label>
        <input
          id="token"
          type="password"
          autoComplete="off"
          spellcheck={false}
          required
          autoFocus
          value={secret}
          aria-describedby="token-hint"
          onInput={(event) => setSecret(event.currentTarget.value)}
        />
        <p class="hint" id="token-hint">
          The first one is in the file <code>data/admin.token</code> of the gateway.
        </p>
      </div>
      {why && (
        <p class="failure" role="alert">
          {why}
        </p>
      )}
      <button type="submit" class="primary" disabled={busy}>
        Log in
      </button>
      {ways?.oidc && (
        <a class="button" href={`${BASE}/session/oidc`} target={aside ? '_blank' : '_self'} rel="noreferrer">
          Log in with {ways.oidc.name}
        </a>
      )}
    </form>
  );
}
