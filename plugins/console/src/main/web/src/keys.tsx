import type { Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { go, to } from './router';
import { PAGES } from './shell';
import { Dialog } from './ui/dialog';

/** The keys that work everywhere, and the page that lists them. */
export function Keys({ open, palette }: { open: Signal<boolean>; palette: Signal<boolean> }) {
  useEffect(() => {
    let leader = 0;
    const press = (event: KeyboardEvent) => {
      const typing = (event.target as Element).closest?.('input,textarea,select,[contenteditable]');
      const inDialog = document.querySelector('dialog[open]') !== null;
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        palette.value = !palette.value;
        return;
      }
      if (typing || inDialog || event.metaKey || event.ctrlKey || event.altKey) {
        return;
      }
      const page = PAGES.find((each) => each.key === event.key);
      if (event.timeStamp - leader < 1200 && page) {
        leader = 0;
        event.preventDefault();
        go(to(page.path ? [page.path] : []));
      } else if (event.key === 'g') {
        leader = event.timeStamp;
      } else if (event.key === '/') {
        event.preventDefault();
        palette.value = true;
      } else if (event.key === '?') {
        open.value = true;
      } else if ((event.key === 'j' || event.key === 'k') && !(event.target as Element).closest?.('table')) {
        document.querySelector<HTMLElement>('main tbody .opener')?.focus();
      }
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
  if (!open.value) {
    return null;
  }
  return (
    <Dialog title="Keys" onClose={() => (open.value = false)}>
      <dl class="keys">
        <dt>
          <kbd>/</kbd> or <kbd>Ctrl</kbd> <kbd>K</kbd>
        </dt>
        <dd>Find a page, a route, an upstream, a plugin, a consumer</dd>
        <dt>
          <kbd>j</kbd> <kbd>k</kbd>
        </dt>
        <dd>Down and up in a list; Enter opens</dd>
        <dt>
          <kbd>Alt</kbd> <kbd>↑</kbd> <kbd>↓</kbd>
        </dt>
        <dd>Move the step that has the focus</dd>
        {PAGES.map((page) => (
          <>
            <dt>
              <kbd>g</kbd> <kbd>{page.key}</kbd>
            </dt>
            <dd>{page.name}</dd>
          </>
        ))}
        <dt>
          <kbd>?</kbd>
        </dt>
        <dd>This list</dd>
      </dl>
    </Dialog>
  );
}
