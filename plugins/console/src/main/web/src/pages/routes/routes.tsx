import { useMemo, useState } from 'preact/hooks';
import { routeList } from '../../cache';
import { count } from '../../format';
import { ask, place, to } from '../../router';
import { may } from '../../session';
import type { Match, Route } from '../../types';
import { useLoad, useTitle } from '../../ui/hooks';
import { Icon } from '../../ui/icons';
import { Failure, Head, Loading, Tag } from '../../ui/parts';
import { Table } from '../../ui/table';
import { NewRoute } from './newroute';

/** What a match says, in a line. */
export function told(match: Match): string {
  const parts = [
    match.methods?.join(' '),
    match.hosts?.join(', '),
    match.paths?.join(', '),
    ...Object.entries(match.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
    ...Object.entries(match.query ?? {}).map(([name, value]) => `?${name}=${value}`),
  ].filter(Boolean);
  return parts.length > 0 ? parts.join('  ') : 'every request';
}

export function Routes() {
  useTitle('Routes');
  const [making, setMaking] = useState(false);
  const { value, failure, again } = useLoad((signal) => routeList(signal), []);
  const find = place.value.query.get('find') ?? '';
  const rows = useMemo(() => {
    const words = find.toLowerCase().split(/\s+/).filter(Boolean);
    return (value ?? []).filter((route) => words.every((word) => haystack(route).includes(word)));
  }, [value, find]);
  return (
    <>
      <Head title="Routes" about={value && `${count(value.length)} routes, in the order of the configuration`}>
        {may('operate') && (
          <button type="button" class="primary" onClick={() => setMaking(true)}>
            <Icon name="plus" /> New route
          </button>
        )}
      </Head>
      <Failure failure={failure} />
      <section class="card flush" aria-label="Routes">
        <div class="tools">
          <input
            class="grow"
            type="search"
            aria-label="Find routes"
            placeholder="Part of a name, path, host, step or upstream"
            value={find}
            onInput={(event) => ask({ find: event.currentTarget.value })}
          />
          {find && (
            <span class="muted" role="status">
              {count(rows.length)} found
            </span>
          )}
        </div>
        {!value && !failure ? (
          <Loading />
        ) : (
          <Table
            label="Routes"
            rows={rows}
            id={(route) => route.name}
            href={(route) => to(['routes', route.name])}
            empty={find ? 'No route has that.' : 'There is no route yet. Make the first one.'}
            columns={[
              { name: 'Route', cell: (route) => route.name, by: (route) => route.name },
              {
                name: 'Takes',
                cell: (route) => (
                  <span class="mono break">{route.match.length > 0 ? route.match.map(told).join(' or ') : 'every request'}</span>
                ),
              },
              { name: 'Steps', cell: (route) => <Chips route={route} />, by: (route) => route.steps.length },
              { name: 'Upstream', cell: (route) => route.upstream ?? <span class="muted">none</span>, by: (route) => route.upstream ?? '' },
            ]}
          />
        )}
      </section>
      {making && <NewRoute onClose={() => setMaking(false)} onMade={again} />}
    </>
  );
}

const haystack = (route: Route) =>
  `${route.name} ${route.match.map(told).join(' ')} ${route.steps.map((step) => step.id).join(' ')} ${route.upstream ?? ''}`.toLowerCase();

function Chips({ route }: { route: Route }) {
  const shown = route.steps.slice(0, 5);
  return (
    <span class="tags">
      {shown.map((step) => (
        <Tag key={step.id} tone={step.mode === 'monitor' ? 'info' : 'plain'}>
          {step.id}
          {step.mode === 'monitor' && ' · monitor'}
        </Tag>
      ))}
      {route.steps.length > shown.length && <span class="muted">+{route.steps.length - shown.length}</span>}
      {shown.length === 0 && <span class="muted">none</span>}
    </span>
  );
}
