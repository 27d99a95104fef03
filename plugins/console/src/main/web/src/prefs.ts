import { effect, signal } from '@preact/signals';

/** What the browser keeps: looks and saved views. Nothing else is ever stored. */
interface Prefs {
  theme: 'system' | 'light' | 'dark';
  views: { name: string; query: Record<string, string> }[];
}

const KEY = 'sallyport.console';
const DEFAULTS: Prefs = { theme: 'system', views: [] };

function read(): Prefs {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEY) ?? '{}') };
  } catch {
    return DEFAULTS;
  }
}

export const prefs = signal<Prefs>(read());

export function prefer(change: Partial<Prefs>) {
  prefs.value = { ...prefs.value, ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(prefs.value));
  } catch {
    // A browser that stores nothing shows the page all the same.
  }
}

effect(() => {
  const theme = prefs.value.theme;
  document.documentElement.dataset.theme = theme;
});
