import type { ComponentChildren } from 'preact';
import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { link } from './api';
import { Keys } from './keys';
import { Palette } from './palette';
import { BASE, place, to } from './router';
import { prefer, prefs } from './prefs';
import { logout, who } from './session';
import { Icon, type IconName } from './ui/icons';
import { say } from './ui/toast';
import { drafts } from './pages/routes/draft';

export const PAGES: { name: string; path: string; icon: IconName; key: string }[] = [
  { name: 'Overview', path: '', icon: 'overview', key: 'o' },
  { name: 'Traffic map', path: 'map', icon: 'map', key: 'm' },
  { name: 'Routes', path: 'routes', icon: 'routes', key: 'r' },
  { name: 'Requests', path: 'requests', icon: 'requests', key: 'q' },
  { name: 'Test request', path: 'try', icon: 'play', key: 't' },
  { name: 'Plugins', path: 'plugins', icon: 'plugins', key: 'p' },
  { name: 'Consumers', path: 'consumers', icon: 'consumers', key: 'c' },
  { name: 'Security', path: 'security', icon: 'security', key: 's' },
  { name: 'History', path: 'history', icon: 'history', key: 'h' },
];

export const paletteOpen = signal(false);
const helpOpen = signal(false);

const leave = async () => {
  if (!(await logout())) {
    say('You are still logged in: the gateway has not ended the session. Try again.', 'bad');
  }
};

/** What stands around each page: where one can go, how the gateway is, who one is. */
export function Shell({ children }: { children: ComponentChildren }) {
  const [menu, setMenu] = useState(false);
  const [segment = ''] = place.value.path;
  // Marketplaces are a part of the plugins.
  const here = segment === 'market' ? 'plugins' : segment;
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    setMenu(false);
    // Who hears the page is told where they have come to.
    if (!first.current) {
      main.current?.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
    }
    first.current = false;
  }, [place.value.path.join('/')]);
  const undone = Object.keys(drafts.value);
  return (
    <div class="shell">
      <a class="skip" href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        Skip to the page
      </a>
      <nav class={menu ? 'side open' : 'side'} aria-label="Pages">
        <a class="brand" href={to([])} aria-label="Sallyport, overview">
          <img src={`${BASE}/icon.svg`} alt="" width="22" height="22" />
          <span>Sallyport</span>
        </a>
        <ul>
          {PAGES.map((page) => (
            <li key={page.path}>
              <a href={to(page.path ? [page.path] : [])} aria-current={here === page.path ? 'page' : undefined}>
                <Icon name={page.icon} />
                {page.name}
              </a>
            </li>
          ))}
        </ul>
        <div class="me">
          <div>
            <strong>{who.value?.name}</strong>
            <span class="muted">may {who.value?.role}</span>
          </div>
          <button type="button" class="quiet icon-only" aria-label="Log out" title="Log out" onClick={leave}>
            <Icon name="out" />
          </button>
        </div>
      </nav>
      <div class="stage">
        <header class="bar">
          <button type="button" class="quiet icon-only menu" aria-label="Menu" aria-expanded={menu} onClick={() => setMenu(!menu)}>
            <Icon name="menu" />
          </button>
          <button type="button" class="finder" onClick={() => (paletteOpen.value = true)}>
            <Icon name="search" /> <span>Find anything</span> <kbd>/</kbd>
          </button>
          <span class="gap" />
          <Linked />
          <Theme />
          <button type="button" class="quiet icon-only" aria-label="Keys" title="Keys (?)" onClick={() => (helpOpen.value = true)}>
            ?
          </button>
        </header>
        {link.value === 'away' && (
          <div class="banner" role="alert">
            <Icon name="warn" /> The gateway does not answer. The page tries again by itself; nothing that you typed is lost.
          </div>
        )}
        {undone.length > 0 && here !== 'routes' && (
          <div class="banner soft" role="status">
            Not applied yet: changes of{' '}
            {undone.map((name, index) => (
              <>
                {index > 0 && ', '}
                <a href={to(['routes', name])}>{name}</a>
              </>
            ))}
          </div>
        )}
        <main id="main" ref={main} tabIndex={-1}>
          {children}
        </main>
      </div>
      {paletteOpen.value && <Palette onClose={() => (paletteOpen.value = false)} />}
      <Keys open={helpOpen} palette={paletteOpen} />
    </div>
  );
}

function Linked() {
  const up = link.value === 'up';
  return (
    <span class={up ? 'linked up' : 'linked away'} role="status">
      {up ? 'Connected' : 'Reconnecting…'}
    </span>
  );
}

function Theme() {
  const dark =
    prefs.value.theme === 'dark' || (prefs.value.theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  return (
    <button
      type="button"
      class="quiet icon-only"
      aria-label={dark ? 'Light colours' : 'Dark colours'}
      title={dark ? 'Light colours' : 'Dark colours'}
      onClick={() => prefer({ theme: dark ? 'light' : 'dark' })}
    >
      <Icon name={dark ? 'sun' : 'moon'} />
    </button>
  );
}
