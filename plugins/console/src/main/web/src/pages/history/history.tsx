import { useState } from 'preact/hooks';
import { call, get } from '../../api';
import { ago, when } from '../../format';
import { may } from '../../session';
import type { Generation } from '../../types';
import { Dialog } from '../../ui/dialog';
import { useLoad, useTitle } from '../../ui/hooks';
import { Icon } from '../../ui/icons';
import { Failure, Head, Loading, Tag } from '../../ui/parts';
import { say } from '../../ui/toast';

interface Hold {
  held: boolean;
  generation?: number;
  author?: string;
  message?: string;
  pending?: string[];
}

/** What served, newest first, each to go back to. */
export function History() {
  useTitle('History');
  const { value, failure, again } = useLoad(
    async (signal) => {
      const [generations, hold] = await Promise.all([
        get<Generation[]>('/v1/generations', {}, signal),
        get<Hold>('/v1/config/hold', {}, signal),
      ]);
      return { generations, hold };
    },
    [],
    5000,
  );
  const [back, setBack] = useState<Generation | null>(null);
  const release = async () => {
    try {
      const done = await call<{ generation: number }>('POST', '/v1/config/apply');
      say(`Released: generation ${done.generation} serves`);
    } catch (failed) {
      say((failed as Error).message, 'bad');
    }
    again();
  };
  if (!value) {
    return failure ? <Failure failure={failure} /> : <Loading />;
  }
  const serving = value.generations.find((one) => one.state === 'serving');
  return (
    <>
      <Head title="History" about="Each change made a generation; any that is kept can serve again" />
      {value.hold.held && (
        <div class="undone" role="region" aria-label="Held">
          <div>
            <Tag tone="warn">Held</Tag> Generation {value.hold.generation} was gone back to by {value.hold.author}.{' '}
            {value.hold.pending?.length ? `Waiting meanwhile: ${value.hold.pending.join(', ')}` : 'Changes of files wait meanwhile.'}
          </div>
          {may('operate') && (
            <button type="button" onClick={() => void release()}>
              Release
            </button>
          )}
        </div>
      )}
      <ol class="history" aria-label="Generations">
        {value.generations.map((one) => (
          <li key={one.number} class={one.state === 'serving' ? 'card now' : 'card'}>
            <div class="row">
              <strong>Generation {one.number}</strong>
              {one.state === 'serving' && <Tag tone="ok">serves</Tag>}
              {one.held && <Tag tone="warn">held</Tag>}
              {one.rollbackTo !== undefined && <Tag>back to {one.rollbackTo}</Tag>}
              <span class="muted">
                {one.author} · {one.reason} · <time dateTime={one.at}>{when(one.at)}</time> ({ago(one.at)})
              </span>
              <span class="gap" />
              {one.state !== 'serving' && may('operate') && (
                <button type="button" onClick={() => setBack(one)}>
                  <Icon name="back" /> Go back to {one.number}
                </button>
              )}
            </div>
            {one.message && <p>{one.message}</p>}
            <ul class="mono lines muted">
              {one.changes.slice(0, 6).map((change) => (
                <li key={change} class="break">
                  {change}
                </li>
              ))}
              {one.changes.length > 6 && <li>and {one.changes.length - 6} more</li>}
            </ul>
            <Diff number={one.number} />
          </li>
        ))}
      </ol>
      {back && serving && (
        <Back
          to={back}
          from={serving}
          onClose={() => setBack(null)}
          onDone={() => {
            setBack(null);
            again();
          }}
        />
      )}
    </>
  );
}

function Diff({ number }: { number: number }) {
  const [open, setOpen] = useState(false);
  const { value } = useLoad(
    async (signal) => (open ? get<string[]>(`/v1/generations/${number}/diff`, {}, signal) : null),
    [open],
  );
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>What is written differently</summary>
      <ul class="mono lines diff">
        {value?.map((line) => (
          <li key={line} class="break">
            {line}
          </li>
        ))}
        {value?.length === 0 && <li class="muted">Nothing.</li>}
      </ul>
    </details>
  );
}

interface BackProps {
  to: Generation;
  from: Generation;
  onClose: () => void;
  onDone: () => void;
}

function Back({ to, from, onClose, onDone }: BackProps) {
  const [message, setMessage] = useState('');
  const [failure, setFailure] = useState<Error | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    try {
      const done = await call<{ generation: number }>('POST', `/v1/generations/${to.number}/rollback`, {
        query: { message },
        generation: from.number,
      });
      say(`Generation ${done.generation} serves, as ${to.number} did`);
      onDone();
    } catch (failed) {
      setFailure(failed as Error);
    }
  };
  return (
    <Dialog title={`Go back to generation ${to.number}`} onClose={onClose}>
      <form onSubmit={submit}>
        <div class="pad stack">
          <p>
            What served at {when(to.at)} serves again, at once and for all routes. It holds: changes of files wait until you release it.
          </p>
          <Failure failure={failure} />
          <div class="field">
            <label for="back-message">Message</label>
            <input id="back-message" value={message} placeholder="Why, for the history" onInput={(event) => setMessage(event.currentTarget.value)} />
          </div>
        </div>
        <div class="buttons">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="primary">
            Go back
          </button>
        </div>
      </form>
    </Dialog>
  );
}
