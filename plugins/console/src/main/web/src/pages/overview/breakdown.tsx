import { useState } from 'preact/hooks';
import { get } from '../../api';
import { millis, percent, rate } from '../../format';
import { seconds } from '../../live';
import { BASE, to } from '../../router';
import type { Series } from '../../types';
import { Failure } from '../../ui/parts';
import { Table } from '../../ui/table';
import { useLoad } from '../../ui/hooks';
import type { View } from './overview';

interface Row {
  name: string;
  rps: number;
  errorRps: number;
  p99?: number;
}

const KINDS = [
  { by: 'route', name: 'Routes' },
  { by: 'upstream', name: 'Upstreams' },
  { by: 'consumer', name: 'Consumers' },
] as const;

/** The busiest, one table a kind; a click shows the charts of one alone. */
export function Breakdown({ onPick }: { onPick: (by: View['by'], name: string) => void }) {
  const [by, setBy] = useState<(typeof KINDS)[number]['by']>('route');
  const consumers = useConsumers(by === 'consumer');
  const now = seconds.value.at(-1);
  const rows: Row[] = by === 'route' ? (now?.routes ?? []) : by === 'upstream' ? (now?.upstreams ?? []) : consumers.rows;
  const kind = KINDS.find((each) => each.by === by)!;
  return (
    <section class="card flush" aria-label="Busiest">
      <header>
        <h2>Busiest</h2>
        <div class="choice" role="group" aria-label="By">
          {KINDS.map((each) => (
            <button type="button" key={each.by} aria-pressed={by === each.by} onClick={() => setBy(each.by)}>
              {each.name}
            </button>
          ))}
        </div>
      </header>
      <Failure failure={by === 'consumer' ? consumers.failure : undefined} />
      <Table
        label={`Busiest ${kind.name.toLowerCase()}`}
        rows={rows}
        id={(row) => row.name}
        onOpen={(row) => onPick(by, row.name)}
        size={20}
        empty="No traffic now."
        columns={[
          { name: 'Name', cell: (row) => row.name, by: (row) => row.name },
          { name: 'Requests / s', number: true, cell: (row) => rate(row.rps), by: (row) => row.rps },
          {
            name: 'Errors',
            number: true,
            cell: (row) => <span class={row.errorRps > 0 ? 'bad' : 'muted'}>{percent(row.errorRps, row.rps)}</span>,
            by: (row) => row.errorRps,
          },
          { name: 'p99', number: true, cell: (row) => millis(row.p99), by: (row) => row.p99 ?? 0 },
          {
            name: '',
            number: true,
            cell: (row) => (
              <a href={by === 'route' ? to(['routes', row.name]) : to(['requests'], { [by]: row.name })}>
                {by === 'route' ? 'Chain' : 'Requests'}
                <span class="hidden"> of {row.name}</span>
              </a>
            ),
          },
        ]}
      />
    </section>
  );
}

function useConsumers(on: boolean) {
  const { value, failure } = useLoad<Series | null>(
    async (signal) => {
      const now = Date.now();
      return on ? get<Series>(`${BASE}/api/series`, { by: 'consumer', from: now - 60_000, to: now, points: 6 }, signal) : null;
    },
    [on],
    on ? 5000 : 0,
  );
  const sum = (values: (number | null)[]) => values.reduce<number>((all, each) => all + (each ?? 0), 0);
  const rows: Row[] = (value?.series ?? []).map((one) => ({
    name: one.name,
    rps: sum(one.requests) / Math.max(1, value!.step * one.at.length),
    errorRps: sum(one.errors) / Math.max(1, value!.step * one.at.length),
    p99: one.p99.at(-1) ?? undefined,
  }));
  return { rows, failure };
}
