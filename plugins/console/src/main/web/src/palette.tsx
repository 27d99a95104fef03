import { useMemo, useRef, useState } from 'preact/hooks';
import { routeList } from './cache';
import { get } from './api';
import { go, to } from './router';
import { PAGES } from './shell';
import type { Consumer, Plugin, Upstream } from './types';
import { Dialog } from './ui/dialog';
import { useLoad } from './ui/hooks';

interface Hit {
  kind: string;
  name: string;
  href: string;
}

/** Finds anything by a part of its name. */
export function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const { value: known } = useLoad(async (signal): Promise<Hit[]> => {
    const [routes, upstreams, plugins, consumers] = await Promise.all([
      routeList(signal),
      get<Upstream[]>('/v1/upstreams', {}, signal),
      get<Plugin[]>('/v1/plugins', {}, signal),
      get<Consumer[]>('/v1/consumers', {}, signal),
    ]);
    return [
      ...routes.map((route) => ({ kind: 'Route', name: route.name, href: to(['routes', route.name]) })),
      ...upstreams.map((one) => ({ kind: 'Upstream', name: one.name, href: to([], { by: 'upstream', name: one.name }) })),
      ...[...new Set(plugins.map((one) => one.id))].map((id) => ({ kind: 'Plugin', name: id, href: to(['plugins', id]) })),
      ...consumers.map((one) => ({ kind: 'Consumer', name: one.name, href: to(['consumers'], { find: one.name }) })),
    ];
  }, []);
  const hits = useMemo(() => {
    const pages = PAGES.map((page) => ({ kind: 'Page', name: page.name, href: to(page.path ? [page.path] : []) }));
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (hit: Hit) => words.every((word) => `${hit.kind} ${hit.name}`.toLowerCase().includes(word));
    const found = [...pages, ...(known ?? [])].filter(fits).slice(0, 12);
    return /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(text.trim())
      ? [{ kind: 'Request', name: text.trim(), href: to(['requests', text.trim()]) }]
      : found;
  }, [text, known]);
  const open = (hit: Hit | undefined) => {
    if (hit) {
      onClose();
      go(hit.href);
    }
  };
  return (
    <Dialog title="Find anything" onClose={onClose}>
      <input
        class="palette"
        type="text"
        role="combobox"
        aria-label="Name of a page, route, upstream, plugin, consumer, or the id of a request"
        aria-expanded="true"
        aria-controls="palette-hits"
        aria-activedescendant={hits[at] ? `hit-${at}` : undefined}
        placeholder="A page, route, upstream, plugin, consumer, or a request id"
        autoFocus
        value={text}
        onInput={(event) => (setText(event.currentTarget.value), setAt(0))}
        onKeyDown={(event) => {
          const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
          if (step) {
            event.preventDefault();
            setAt((at + step + hits.length) % Math.max(1, hits.length));
          } else if (event.key === 'Enter') {
            event.preventDefault();
            open(hits[at]);
          }
        }}
      />
      <ul class="hits" id="palette-hits" role="listbox" aria-label="Found" ref={list}>
        {hits.map((hit, index) => (
          <li
            key={hit.href + hit.kind}
            id={`hit-${index}`}
            role="option"
            aria-selected={index === at}
            onClick={() => open(hit)}
            onMouseMove={() => setAt(index)}
          >
            <span>{hit.name}</span>
            <span class="muted">{hit.kind}</span>
          </li>
        ))}
      </ul>
      {hits.length === 0 && <p class="muted pad">Nothing has that in its name.</p>}
    </Dialog>
  );
}
