import { computed, signal } from '@preact/signals';

// Where the script is says where the console is: under the name that the configuration gives it.
export const BASE = new URL('..', import.meta.url).pathname.replace(/\/$/, '');

export interface Place {
  /** Segments after the base, decoded: `['routes', 'orders']`. */
  path: string[];
  query: URLSearchParams;
}

const address = signal(location.pathname + location.search);

export const place = computed<Place>(() => {
  const url = new URL(address.value, location.origin);
  const rest = url.pathname.startsWith(BASE) ? url.pathname.slice(BASE.length) : url.pathname;
  return { path: rest.split('/').filter(Boolean).map(decodeURIComponent), query: url.searchParams };
});

/** The address of a page. */
export function to(path: string[], query: Record<string, string | undefined> = {}): string {
  const search = new URLSearchParams();
  Object.entries(query).forEach(([name, value]) => value && search.set(name, value));
  const text = search.toString();
  return `${BASE}/${path.map(encodeURIComponent).join('/')}${text ? `?${text}` : ''}`;
}

export function go(href: string, replace = false) {
  if (href === address.value) {
    return;
  }
  history[replace ? 'replaceState' : 'pushState'](null, '', href);
  const moved = new URL(href, location.origin).pathname !== location.pathname || !replace;
  address.value = href;
  if (moved && !replace) {
    scrollTo(0, 0);
  }
}

/** Changes the query of the page that is shown, in its place. */
export function ask(query: Record<string, string | undefined>) {
  go(to(place.value.path, query), true);
}

addEventListener('popstate', () => {
  address.value = location.pathname + location.search;
});

// Links are links: they open in a new tab as any other, and only a plain click stays on the page.
addEventListener('click', (event) => {
  const link = (event.target as Element).closest?.('a');
  if (
    link &&
    event.button === 0 &&
    !event.defaultPrevented &&
    !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) &&
    !link.target &&
    !link.hasAttribute('download') &&
    link.origin === location.origin &&
    link.pathname.startsWith(`${BASE}/`) &&
    !link.getAttribute('href')?.startsWith('#')
  ) {
    event.preventDefault();
    go(link.pathname + link.search);
  }
});
