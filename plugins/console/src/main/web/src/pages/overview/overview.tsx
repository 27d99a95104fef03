import { useEffect } from 'preact/hooks';
import { ask, place, to } from '../../router';
import { seconds, watchLive } from '../../live';
import { Card, Head, Tag } from '../../ui/parts';
import { useTitle } from '../../ui/hooks';
import type { State } from '../../types';
import { Breakdown } from './breakdown';
import { Charts } from './charts';
import { Stats } from './stats';

const SPANS = [
  { name: '5 min', seconds: 0 },
  { name: '1 h', seconds: 3600 },
  { name: '24 h', seconds: 86_400 },
  { name: '7 d', seconds: 604_800 },
  { name: '60 d', seconds: 5_184_000 },
];

/** What the charts show: of what, and from when to when; the last five minutes, live, where nothing is said. */
export interface View {
  by: 'all' | 'route' | 'upstream' | 'consumer' | 'status';
  name?: string;
  span: number;
  from?: number;
  to?: number;
}

export function Overview() {
  useTitle('Overview');
  useEffect(watchLive, []);
  const query = place.value.query;
  const view: View = {
    by: (query.get('by') as View['by'] | null) ?? 'all',
    name: query.get('name') ?? undefined,
    span: Number(query.get('span') ?? 0),
    from: Number(query.get('from')) || undefined,
    to: Number(query.get('to')) || undefined,
  };
  const change = (next: Partial<View>) => {
    const all = { ...view, from: undefined, to: undefined, ...next };
    ask({
      by: all.by === 'all' ? undefined : all.by,
      name: all.name,
      span: all.span ? String(all.span) : undefined,
      from: all.from ? String(all.from) : undefined,
      to: all.to ? String(all.to) : undefined,
    });
  };
  const brushed = view.from !== undefined;
  const now = seconds.value.at(-1);
  return (
    <>
      <Head title="Overview" about={view.name ? `Only ${view.by} ${view.name}` : 'All traffic of this gateway'}>
        {view.name && (
          <button type="button" onClick={() => change({ by: 'all', name: undefined })}>
            Show all traffic
          </button>
        )}
        {brushed && (
          <button type="button" onClick={() => change({})}>
            Leave the close look
          </button>
        )}
        <div class="choice" role="group" aria-label="From when on">
          {SPANS.map((span) => (
            <button
              type="button"
              key={span.name}
              aria-pressed={!brushed && view.span === span.seconds}
              onClick={() => change({ span: span.seconds })}
            >
              {span.name}
            </button>
          ))}
        </div>
      </Head>
      <Stats all={seconds.value} />
      <Charts view={view} onBrush={(from, to) => change({ from, to })} />
      <div class="columns wide-left">
        <Breakdown onPick={(by, name) => change({ by, name })} />
        <Card title="Needs a look">
          {now && now.states.length > 0 ? (
            <ul class="states">
              {now.states.map((state) => (
                <li key={state.kind + state.name + state.step + state.target + state.state}>
                  <Tag tone="bad">{state.state}</Tag>
                  <span class="break">{about(state)}</span>
                </li>
              ))}
            </ul>
          ) : (
            <p class="muted">No circuit is open and no target is out.</p>
          )}
        </Card>
      </div>
    </>
  );
}

function about(state: State) {
  switch (state.kind) {
    case 'breaker':
      return (
        <>
          circuit of <a href={to(['routes', state.name ?? ''])}>{state.name}</a>, {state.step}
          {state.target && ` to ${state.target}`}
        </>
      );
    case 'target':
      return (
        <>
          {state.count === 1 ? 'one target' : `${state.count} targets`} of <strong>{state.name}</strong>
        </>
      );
    default:
      return (
        <>
          {state.kind} <strong>{state.name}</strong>
        </>
      );
  }
}
