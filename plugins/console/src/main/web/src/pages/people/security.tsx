import { useState } from 'preact/hooks';
import { send } from '../../api';
import { when } from '../../format';
import { may } from '../../session';
import type { AuditLine } from '../../types';
import { useLoad, useTitle } from '../../ui/hooks';
import { Card, Failure, Head, Loading, Tag } from '../../ui/parts';
import { Table } from '../../ui/table';

/** Who did what, and who tried to log in and could not. */
export function Security() {
  useTitle('Security');
  const [older, setOlder] = useState<string[]>([]);
  const at = older.at(-1);
  const { value, failure } = useLoad(
    async (signal) => {
      const response = await send('GET', at ?? '/v1/audit?limit=100', { signal });
      const next = response.headers.get('link')?.match(/<([^>]+)>;\s*rel="next"/)?.[1];
      return { lines: (await response.json()) as AuditLine[], next };
    },
    [at],
    at ? 0 : 5000,
  );
  const [find, setFind] = useState('');
  const lines = (value?.lines ?? []).filter((line) => JSON.stringify(line).toLowerCase().includes(find.toLowerCase()));
  const logins = (value?.lines ?? []).filter((line) => /log-?in/i.test(line.action) && line.outcome === 'refused');
  return (
    <>
      <Head title="Security" about="The audit log, newest first, and logins that failed" />
      <Failure failure={failure} />
      <Card title="Failed logins">
        {logins.length === 0 ? (
          <p class="muted">None among the lines below.</p>
        ) : (
          <ul class="lines">
            {logins.slice(0, 10).map((line) => (
              <li key={line.at}>
                <Tag tone="bad">refused</Tag> {when(line.at)} <strong>{line.who}</strong> <span class="muted">{line.reason}</span>
              </li>
            ))}
          </ul>
        )}
      </Card>
      <section class="card flush" aria-label="Audit log">
        <div class="tools">
          <input
            class="grow"
            type="search"
            aria-label="Find in the audit log"
            placeholder="Who, what, or a part of a change"
            value={find}
            onInput={(event) => setFind(event.currentTarget.value)}
          />
          {older.length > 0 && (
            <button type="button" onClick={() => setOlder(older.slice(0, -1))}>
              Newer
            </button>
          )}
          {value?.next && (
            <button type="button" onClick={() => setOlder([...older, value.next!])}>
              Older
            </button>
          )}
        </div>
        {!value && !failure ? (
          <Loading />
        ) : (
          <Table
            label="Audit log"
            rows={lines}
            id={(line) => line.at + line.action + line.who}
            size={100}
            empty={may('read') ? 'No line has that.' : ''}
            columns={[
              { name: 'When', cell: (line) => when(line.at) },
              { name: 'Who', cell: (line) => <strong>{line.who}</strong> },
              { name: 'Did', cell: (line) => line.action },
              { name: 'What', cell: (line) => <span class="break">{[line.resource, line.message].filter(Boolean).join(': ')}</span> },
              {
                name: 'Outcome',
                cell: (line) => (
                  <>
                    <Tag tone={line.outcome === 'done' ? 'ok' : 'bad'}>{line.outcome}</Tag> <span class="muted break">{line.reason}</span>
                  </>
                ),
              },
              {
                name: 'Changes',
                cell: (line) =>
                  line.diff?.length ? (
                    <details>
                      <summary>{line.diff.length} lines</summary>
                      <ul class="mono lines">
                        {line.diff.map((each) => (
                          <li key={each} class="break">
                            {each}
                          </li>
                        ))}
                      </ul>
                    </details>
                  ) : (
                    ''
                  ),
              },
            ]}
          />
        )}
      </section>
    </>
  );
}
