import { useState } from 'preact/hooks';
import { all, get } from '../../api';
import { generationNow } from '../../cache';
import { ask, BASE, place, to } from '../../router';
import { may } from '../../session';
import type { Consumer } from '../../types';
import { Dialog } from '../../ui/dialog';
import { useLoad, useTitle } from '../../ui/hooks';
import { Icon } from '../../ui/icons';
import { Failure, Field, Head, Loading, Tag } from '../../ui/parts';
import { Review } from '../../ui/review';
import { Table } from '../../ui/table';
import type { Change } from '../routes/change';
import { Limits, most, Used, type Told } from './limits';
import { NewKey } from './newkey';

/** Who calls: groups, tags, credentials by their ids. What proves anything is never shown. */
export function Consumers() {
  useTitle('Consumers');
  const find = place.value.query.get('find') ?? '';
  const { value, failure, again } = useLoad((signal) => all<Consumer>('/v1/consumers', signal), []);
  const { value: told } = useLoad((signal) => get<{ consumers: Record<string, Told[]> }>(`${BASE}/api/limits`, {}, signal), [], 5000);
  const limits = told?.consumers ?? {};
  const [open, setOpen] = useState<Consumer | null>(null);
  const [making, setMaking] = useState(false);
  const [keyFor, setKeyFor] = useState<Consumer | null>(null);
  const [review, setReview] = useState<{ title: string; verb?: string; change: Change } | null>(null);
  const words = find.toLowerCase();
  const rows = (value ?? []).filter((one) => `${one.name} ${one.groups.join(' ')}`.toLowerCase().includes(words));
  return (
    <>
      <Head title="Consumers" about="Who may call, and how they prove it">
        {may('operate') && (
          <button type="button" class="primary" onClick={() => setMaking(true)}>
            <Icon name="plus" /> New consumer
          </button>
        )}
      </Head>
      <Failure failure={failure} />
      <section class="card flush" aria-label="Consumers">
        <div class="tools">
          <input
            class="grow"
            type="search"
            aria-label="Find consumers"
            placeholder="Part of a name or group"
            value={find}
            onInput={(event) => ask({ find: event.currentTarget.value })}
          />
        </div>
        {!value && !failure ? (
          <Loading />
        ) : (
          <Table
            label="Consumers"
            rows={rows}
            id={(one) => one.name}
            onOpen={setOpen}
            empty={find ? 'No consumer has that.' : 'There is no consumer yet.'}
            columns={[
              { name: 'Consumer', cell: (one) => one.name, by: (one) => one.name },
              {
                name: 'Groups',
                cell: (one) => (
                  <span class="tags">
                    {one.groups.map((group) => (
                      <Tag key={group}>{group}</Tag>
                    ))}
                  </span>
                ),
              },
              { name: 'Tags', cell: (one) => <span class="mono">{Object.entries(one.tags).map(([name, tag]) => `${name}: ${tag}`).join(', ')}</span> },
              {
                name: 'Credentials',
                cell: (one) => (
                  <span class="tags">
                    {one.credentials?.map((each, index) => (
                      <Tag key={index}>
                        {each.type} {each.id}
                      </Tag>
                    )) ?? <span class="muted">none</span>}
                  </span>
                ),
              },
              {
                name: 'Limits used',
                cell: (one) => <Used told={limits[one.name]} consumer={one.name} />,
                by: (one) => most(limits[one.name]),
              },
              {
                name: '',
                number: true,
                cell: (one) => (
                  <a href={to(['requests'], { consumer: one.name })}>
                    Requests<span class="hidden"> of {one.name}</span>
                  </a>
                ),
              },
            ]}
          />
        )}
      </section>
      {open && (
        <Dialog title={open.name} onClose={() => setOpen(null)}>
          <div class="pad stack">
            <ul class="lines">
              {open.credentials?.map((credential, index) => (
                <li key={index} class="row">
                  <Tag>{credential.type}</Tag> <strong>{credential.id ?? 'without id'}</strong>
                  {credential.expires && <span class="muted">until {credential.expires}</span>}
                  <span class="gap" />
                  {may('operate') && credential.id && (
                    <button
                      type="button"
                      class="danger small"
                      onClick={async () =>
                        setReview({
                          title: `Take ${credential.id} away from ${open.name}`,
                          verb: 'Delete',
                          change: {
                            method: 'DELETE',
                            path: `/v1/consumers/${encodeURIComponent(open.name)}/credentials/${encodeURIComponent(credential.id!)}`,
                            generation: await generationNow(),
                          },
                        })
                      }
                    >
                      Revoke<span class="hidden"> {credential.id}</span>
                    </button>
                  )}
                </li>
              )) ?? <li class="muted">No credentials.</li>}
            </ul>
            <Limits told={limits[open.name] ?? []} />
          </div>
          {may('operate') && (
            <div class="buttons">
              <button
                type="button"
                class="danger"
                onClick={async () =>
                  setReview({
                    title: `Delete consumer ${open.name}`,
                    verb: 'Delete',
                    change: { method: 'DELETE', path: `/v1/consumers/${encodeURIComponent(open.name)}`, generation: await generationNow() },
                  })
                }
              >
                Delete
              </button>
              <span class="gap" />
              <button type="button" class="primary" onClick={() => setKeyFor(open)}>
                New key
              </button>
            </div>
          )}
        </Dialog>
      )}
      {making && <NewConsumer onClose={() => setMaking(false)} onReview={(change, title) => setReview({ change, title })} />}
      {keyFor && (
        <NewKey
          consumer={keyFor}
          onClose={() => {
            setKeyFor(null);
            setOpen(null);
            again();
          }}
        />
      )}
      {review && (
        <Review
          title={review.title}
          verb={review.verb}
          change={review.change}
          onClose={() => setReview(null)}
          onDone={() => {
            setReview(null);
            setMaking(false);
            setOpen(null);
            again();
          }}
        />
      )}
    </>
  );
}

function NewConsumer({ onClose, onReview }: { onClose: () => void; onReview: (change: Change, title: string) => void }) {
  const [name, setName] = useState('');
  const [groups, setGroups] = useState('');
  return (
    <Dialog title="New consumer" onClose={onClose}>
      <form
        onSubmit={async (event) => {
          event.preventDefault();
          const list = groups.split(/[\s,]+/).filter(Boolean);
          onReview(
            {
              method: 'PUT',
              path: `/v1/consumers/${encodeURIComponent(name)}`,
              body: list.length > 0 ? { groups: list } : {},
              generation: await generationNow(),
            },
            `New consumer ${name}`,
          );
        }}
      >
        <div class="pad stack">
          <Field label="Name" id="consumer-name">
            <input id="consumer-name" required autoFocus value={name} autoComplete="off" onInput={(event) => setName(event.currentTarget.value)} />
          </Field>
          <Field label="Groups" id="consumer-groups" hint="Separated by commas">
            <input id="consumer-groups" value={groups} autoComplete="off" onInput={(event) => setGroups(event.currentTarget.value)} />
          </Field>
        </div>
        <div class="buttons">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="primary">
            Review
          </button>
        </div>
      </form>
    </Dialog>
  );
}
