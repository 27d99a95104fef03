import { useState } from 'preact/hooks';
import { millis, percent, rate } from '../../format';
import { seconds } from '../../live';
import { to } from '../../router';
import { Table } from '../../ui/table';
import type { View } from './overview';

const KINDS = [
  { by: 'route', name: 'Routes' },
  { by: 'upstream', name: 'Upstreams' },
  { by: 'consumer', name: 'Consumers' },
] as const;

/** The busiest, one table a kind; a click shows the charts of one alone. */
export function Breakdown({ onPick }: { onPick: (by: View['by'], name: string) => void }) {
  const [by, setBy] = useState<(typeof KINDS)[number]['by']>('route');
  const now = seconds.value.at(-1);
  const rows = (by === 'route' ? now?.routes : by === 'upstream' ? now?.upstreams : now?.consumers) ?? [];
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
            cell: (row) =>
              by === 'upstream' ? null : (
                <a href={by === 'route' ? to(['routes', row.name]) : to(['requests'], { consumer: row.name })}>
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
