import { useEffect, useState } from 'preact/hooks';
import { get, send } from '../../api';
import { count, millis, when } from '../../format';
import { lines } from '../../live';
import { prefer, prefs } from '../../prefs';
import { ask, BASE, place, to } from '../../router';
import { may } from '../../session';
import type { RecentRequest, Trace } from '../../types';
import { useLoad, useTitle } from '../../ui/hooks';
import { Icon } from '../../ui/icons';
import { download, Failure, Head, Status } from '../../ui/parts';
import { Table } from '../../ui/table';
import { href, useLinks } from './links';
import { say } from '../../ui/toast';

const FIELDS = ['route', 'status', 'method', 'path', 'consumer'] as const;
const HINTS: Record<(typeof FIELDS)[number], string> = {
  route: 'orders',
  status: '5xx, 404, failed',
  method: 'GET',
  path: '/orders/*, or an id',
  consumer: 'ada',
};

/** What stands in the response as x-request-id. */
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type Query = Partial<Record<(typeof FIELDS)[number], string>>;

/** The requests of late: searched, kept as a view, taken along as a file, recorded step by step. */
export function Requests() {
  useTitle('Requests');
  const asked = place.value.query;
  const query: Query = Object.fromEntries(FIELDS.map((field) => [field, asked.get(field) ?? '']).filter(([, value]) => value));
  const key = JSON.stringify(query);
  const [still, setStill] = useState(false);
  const { value, failure } = useLoad(
    async (signal) => {
      // Half a status is none yet.
      const status = /^([1-5]xx|[1-9]\d\d|failed)$/i.test(query.status ?? '') ? query.status : undefined;
      const id = ID.test(query.path ?? '') ? query.path : undefined;
      const asked = id ? { id } : { ...query, status };
      return get<{ kept: boolean; requests: RecentRequest[] }>(`${BASE}/api/requests`, { ...asked, limit: 500 }, signal);
    },
    [key, still],
    still ? 0 : 2000,
  );
  const recorded = useRecording(query);
  const rows = value?.requests ?? [];
  const links = useLinks();
  return (
    <>
      <Head title="Requests" about="The last ones that the gateway has answered, newest first">
        <button type="button" aria-pressed={still} onClick={() => setStill(!still)}>
          {still ? 'Follow' : 'Hold still'}
        </button>
        {may('operate') && (
          <button type="button" class={recorded.on ? 'danger' : ''} aria-pressed={recorded.on} onClick={recorded.toggle}>
            {recorded.on ? `Stop recording (${recorded.count})` : 'Record'}
          </button>
        )}
        <Export rows={rows} />
        {links.map((link) => {
          const leads = href(link, { ...query, to: Date.now(), from: Math.min(Date.now() - 900_000, rows.at(-1)?.at ?? Infinity) });
          return (
            leads && (
              <a key={link.name} class="button" href={leads} target="_blank" rel="noopener noreferrer">
                {link.name}
              </a>
            )
          );
        })}
      </Head>
      <Failure failure={failure} />
      <section class="card flush" aria-label="Requests">
        <form class="tools" role="search" aria-label="Requests" onSubmit={(event) => event.preventDefault()}>
          {FIELDS.map((field) => (
            <input
              key={field}
              type="search"
              class={field === 'path' ? 'grow' : ''}
              aria-label={field[0].toUpperCase() + field.slice(1)}
              placeholder={`${field[0].toUpperCase() + field.slice(1)}: ${HINTS[field]}`}
              value={query[field] ?? ''}
              onInput={(event) => ask({ ...query, [field]: event.currentTarget.value })}
            />
          ))}
          <Views query={query} />
        </form>
        <Table
          label="Requests"
          rows={rows}
          id={(row) => row.id}
          href={(row) => to(['requests', row.id])}
          empty={!value ? 'Loading…' : value.kept ? 'No request of late has that.' : 'The console is set to keep none (keepRequests: 0).'}
          columns={[
            { name: 'Time', cell: (row) => when(row.at), by: (row) => row.at },
            {
              name: 'Request',
              cell: (row) => (
                <span class="mono break">
                  <strong>{row.method}</strong> {row.path}
                </span>
              ),
              by: (row) => row.path,
            },
            { name: 'Status', cell: (row) => <Status status={row.status} />, by: (row) => row.status },
            { name: 'Took', number: true, cell: (row) => millis(row.millis), by: (row) => row.millis },
            { name: 'Route', cell: (row) => row.route ?? <span class="muted">none</span>, by: (row) => row.route ?? '' },
            { name: 'Consumer', cell: (row) => row.consumer ?? <span class="muted">–</span>, by: (row) => row.consumer ?? '' },
            {
              name: 'Why',
              cell: (row) => <span class="muted break">{why(row)}</span>,
            },
            ...(links.length === 0
              ? []
              : [
                  {
                    name: 'Elsewhere',
                    cell: (row: RecentRequest) =>
                      links.map((link) => {
                        const leads = href(link, row);
                        return (
                          leads && (
                            <a key={link.name} href={leads} target="_blank" rel="noopener noreferrer">
                              {link.name}
                              <span class="hidden"> of {row.id}</span>
                            </a>
                          )
                        );
                      }),
                  },
                ]),
          ]}
        />
      </section>
    </>
  );
}

/** What has decided, and why, in a few words. */
export function why(row: RecentRequest): string {
  const said = row.detail ?? row.problem ?? row.failure ?? row.tries.findLast((one) => one.failure)?.failure;
  const by = row.status >= 400 || row.did === 'failed' ? row.step : null;
  return [by, said].filter(Boolean).join(': ') || (row.outcome === 'completed' ? '' : row.outcome);
}

/** Has the gateway record what passes, for as long as it is on. */
function useRecording(query: Query) {
  const [on, setOn] = useState(false);
  const [seen, setSeen] = useState(0);
  const key = JSON.stringify(query);
  useEffect(() => {
    if (!on) {
      return;
    }
    setSeen(0);
    const stop = new AbortController();
    send('GET', '/v1/traces/live', { query: { ...query }, signal: stop.signal })
      .then((response) =>
        lines(response, stop.signal, (line) => {
          if (line && (JSON.parse(line) as Trace).id) {
            setSeen((n) => n + 1);
          }
        }),
      )
      .catch((failure: Error) => {
        if (!stop.signal.aborted) {
          say(`Recording stopped: ${failure.message}`, 'bad');
          setOn(false);
        }
      });
    return () => stop.abort();
  }, [on, key]);
  return { on, count: count(seen), toggle: () => setOn(!on) };
}

/** Searches that are kept in this browser, by name. */
function Views({ query }: { query: Query }) {
  const [naming, setNaming] = useState<string | null>(null);
  const views = prefs.value.views;
  const chosen = views.find((view) => JSON.stringify(view.query) === JSON.stringify(query));
  return (
    <span class="row">
      {views.length > 0 && (
        <select
          aria-label="Saved views"
          value={chosen?.name ?? ''}
          onChange={(event) => ask(views.find((view) => view.name === event.currentTarget.value)?.query ?? {})}
        >
          <option value="">All requests</option>
          {views.map((view) => (
            <option key={view.name}>{view.name}</option>
          ))}
        </select>
      )}
      {chosen ? (
        <button type="button" class="quiet" onClick={() => prefer({ views: views.filter((view) => view !== chosen) })}>
          Forget view
        </button>
      ) : naming === null ? (
        <button type="button" class="quiet" disabled={Object.keys(query).length === 0} onClick={() => setNaming('')}>
          <Icon name="save" /> Save view
        </button>
      ) : (
        <>
          <input
            aria-label="Name of the view"
            placeholder="Name of the view"
            autoFocus
            value={naming}
            onInput={(event) => setNaming(event.currentTarget.value)}
          />
          <button
            type="button"
            disabled={!naming.trim()}
            onClick={() => {
              prefer({ views: [...views.filter((view) => view.name !== naming.trim()), { name: naming.trim(), query: query as Record<string, string> }] });
              setNaming(null);
            }}
          >
            Save
          </button>
        </>
      )}
    </span>
  );
}

function Export({ rows }: { rows: RecentRequest[] }) {
  return (
    <>
      <button type="button" disabled={rows.length === 0} onClick={() => download('requests.csv', 'text/csv', csv(rows))}>
        <Icon name="download" /> CSV
      </button>
      <button
        type="button"
        disabled={rows.length === 0}
        onClick={() => download('requests.jsonl', 'application/jsonl', rows.map((row) => JSON.stringify(row)).join('\n') + '\n')}
      >
        <Icon name="download" /> JSON
      </button>
    </>
  );
}

function csv(rows: RecentRequest[]): string {
  const names = ['at', 'id', 'method', 'path', 'status', 'millis', 'route', 'consumer', 'client', 'outcome', 'step', 'problem', 'detail'] as const;
  // A cell that begins like a formula would be one in a spreadsheet.
  const cell = (value: unknown) => `"${String(value ?? '').replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""')}"`;
  return [names.join(','), ...rows.map((row) => names.map((name) => cell(row[name])).join(','))].join('\r\n') + '\r\n';
}
