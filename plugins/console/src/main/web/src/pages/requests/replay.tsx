import { useEffect, useRef, useState } from 'preact/hooks';
import { call, get, orNone } from '../../api';
import type { JsonObject, Trace } from '../../types';
import { useLoad } from '../../ui/hooks';
import { Card, Failure, Loading } from '../../ui/parts';
import { parse, yaml } from '../../ui/yaml';
import { drafts, object, steps, withSteps } from '../routes/draft';
import { StepDialog } from '../routes/stepdialog';
import { Compared, type Replayed } from './compared';

interface Written {
  part?: JsonObject;
  yaml?: string;
}

type What = 'route' | 'config';

/** Runs a recorded request through a candidate, which is what serves with something changed, and compares. */
export function Replay({ trace }: { trace: Trace }) {
  const [what, setWhat] = useState<What | null>(null);
  if (!what) {
    return (
      <Card title="Replay">
        <p class="muted">
          Runs this request, and those that were recorded before it, through another configuration: nothing is sent to a target, and nothing
          changes.
        </p>
        <div class="row">
          {trace.route && (
            <button type="button" onClick={() => setWhat('route')}>
              Change the route
            </button>
          )}
          <button type="button" onClick={() => setWhat('config')}>
            Change the configuration
          </button>
        </div>
      </Card>
    );
  }
  return <Candidate key={what} trace={trace} what={what} onBack={() => setWhat(null)} />;
}

function Candidate({ trace, what, onBack }: { trace: Trace; what: What; onBack: () => void }) {
  const part = `routes/${trace.route}`;
  const { value, failure } = useLoad(
    (signal) => orNone(get<Written>('/v1/config', what === 'route' ? { part } : {}, signal)),
    [what],
  );
  if (value === undefined) {
    return <Card title="Replay">{failure ? <Failure failure={failure} /> : <Loading />}</Card>;
  }
  const draft = what === 'route' ? drafts.value[trace.route!]?.now : undefined;
  const text = draft ? yaml(draft) : value?.part ? yaml(value.part) : (value?.yaml ?? '');
  return <Editor trace={trace} part={what === 'route' ? part : undefined} begin={text} onBack={onBack} />;
}

function Editor({ trace, part, begin, onBack }: { trace: Trace; part?: string; begin: string; onBack: () => void }) {
  const [text, setText] = useState(begin);
  const [editing, setEditing] = useState<number | 'new' | null>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Error | null>(null);
  const [replayed, setReplayed] = useState<Replayed | null>(null);
  const answers = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // They stand below what was asked: whoever asked is led there.
    answers.current?.focus();
  }, [replayed]);
  const read = parse(text);
  const route = part && 'value' in read ? object(read.value) : null;
  const own = route ? steps(route) : [];
  const wrong =
    'error' in read
      ? `Line ${read.line}: ${read.error}`
      : object(read.value)
        ? null
        : `This has no keys: ${part ? 'a route has match and upstream' : 'a configuration has routes and upstreams'}, say.`;
  const run = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const path = `/v1/traces/${encodeURIComponent(trace.id)}/replay`;
      setReplayed(
        await call<Replayed>('POST', path, part ? { body: route, query: { part } } : { body: text, type: 'application/yaml' }),
      );
    } catch (failed) {
      setReplayed(null);
      setFailure(failed as Error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Card title="Replay">
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            void run();
          }}
        >
          {route && (
            <div class="row" role="group" aria-label="Steps of the candidate">
              {own.map((step, index) => (
                <button type="button" class="small" key={index} onClick={() => setEditing(index)}>
                  Change {step.type}
                </button>
              ))}
              <button type="button" class="small" onClick={() => setEditing('new')}>
                Add a step
              </button>
            </div>
          )}
          <div class="yaml">
            <label class="label" for="candidate">
              {part ? `Candidate for ${part}` : 'Candidate configuration'}
            </label>
            <textarea
              id="candidate"
              spellcheck={false}
              rows={part ? 12 : 20}
              value={text}
              aria-invalid={wrong !== null}
              aria-describedby="candidate-says"
              onInput={(event) => setText(event.currentTarget.value)}
            />
            <p id="candidate-says" class={wrong ? 'bad' : 'hint'} role="status">
              {wrong ? wrong : part ? 'All else is as it serves now.' : 'Secrets that are written out are not shown: put references in their places.'}
            </p>
          </div>
          <Failure failure={failure} />
          <div class="row">
            <button type="button" onClick={onBack}>
              Leave
            </button>
            <button type="submit" class="primary" disabled={busy || wrong !== null}>
              {busy ? 'Running…' : 'Replay'}
            </button>
          </div>
        </form>
      </Card>
      {replayed && (
        <div ref={answers} tabIndex={-1}>
          <Compared replayed={replayed} />
        </div>
      )}
      {editing !== null && route && (
        <StepDialog
          step={editing === 'new' ? null : own[editing]}
          taken={own.map((step) => step.type)}
          onClose={() => setEditing(null)}
          onDone={(step) => {
            const all = editing === 'new' ? [...own, step] : own.map((each, index) => (index === editing ? step : each));
            setText(yaml(withSteps(route, all)));
            setEditing(null);
          }}
        />
      )}
    </>
  );
}
