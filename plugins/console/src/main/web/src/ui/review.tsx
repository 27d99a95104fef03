import { useState } from 'preact/hooks';
import { apply, outlook, type Change, type Outlook } from '../pages/routes/change';
import type { Plan } from '../types';
import { Dialog } from './dialog';
import { useLoad } from './hooks';
import { Copy, Failure, Loading, Patch, Tag } from './parts';
import { say } from './toast';

interface Props {
  title: string;
  change: Change;
  /** The verb on the button: Apply, Delete. */
  verb?: string;
  onDone: (generation: number) => void;
  onClose: () => void;
}

/** What a change would mean; then it is done, with a word about why. Where files own the configuration, a patch. */
export function Review({ title, change, verb = 'Apply', onDone, onClose }: Props) {
  const { value, failure, again } = useLoad(() => outlook(change), []);
  const [message, setMessage] = useState('');
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Error | null>(null);
  const [patch, setPatch] = useState<Outlook | null>(null);
  const files = patch ?? (value?.patch ? value : null);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setRefused(null);
    try {
      const done = await apply(change, message);
      if ('generation' in done) {
        say(`Applied: generation ${done.generation} serves`);
        done.warnings?.forEach((warning) => say(warning, 'bad'));
        onDone(done.generation);
      } else {
        setPatch(done);
      }
    } catch (failed) {
      setRefused(failed as Error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose} wide>
      <form onSubmit={submit}>
        <div class="pad stack">
          {!value && !failure && <Loading />}
          <Failure failure={failure} />
          {value?.plan && <PlanView plan={value.plan} />}
          {files?.patch && (
            <>
              <p>
                The files own this configuration. Change <code class="break">{files.file}</code>
                {files.line ? ` from line ${files.line} on` : ''} as the patch says; it is read again at once.
                {files.patch.includes('(hidden)') &&
                  ' A secret that is written out there is shown as (hidden): change those lines by hand.'}
              </p>
              <Patch text={files.patch} />
            </>
          )}
          {value && !files && (
            <div class="field">
              <label for="message">Message</label>
              <input
                id="message"
                value={message}
                maxLength={500}
                placeholder="Why, for the history"
                onInput={(event) => setMessage(event.currentTarget.value)}
              />
            </div>
          )}
          <Failure failure={refused} />
        </div>
        <div class="buttons">
          <button type="button" onClick={onClose}>
            {files ? 'Close' : 'Not yet'}
          </button>
          {failure && (
            <button type="button" onClick={again}>
              Plan again
            </button>
          )}
          {files?.patch ? (
            <Copy text={files.patch} what="Patch" />
          ) : (
            <button type="submit" class={verb === 'Delete' ? 'danger' : 'primary'} disabled={!value || busy}>
              {busy ? 'Applying…' : verb}
            </button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

const TONES: Record<string, 'ok' | 'bad' | 'info'> = { added: 'ok', removed: 'bad', '+': 'ok', '-': 'bad' };

export function PlanView({ plan }: { plan: Plan }) {
  return (
    <div class="stack" role="region" aria-label="Plan">
      {!plan.changes && <p>Nothing would change.</p>}
      {plan.differences.map((difference) => (
        <section class="difference" key={difference.part + difference.kind}>
          <h3>
            <Tag tone={TONES[difference.kind] ?? 'info'}>{difference.kind}</Tag> {difference.part}
          </h3>
          <ul class="mono">
            {difference.details.map((detail) => (
              <li key={detail.key}>
                <span class="muted">{detail.key}: </span>
                {detail.old !== undefined && <del>{detail.old}</del>}
                {detail.old !== undefined && detail.now !== undefined && ' → '}
                {detail.now !== undefined && <ins>{detail.now}</ins>}
              </li>
            ))}
          </ul>
        </section>
      ))}
      {plan.others.length > 0 && <Lines title="Also" lines={plan.others} />}
      {plan.requests.rerouted > 0 && (
        <p>
          <Tag tone="warn">{plan.requests.rerouted}</Tag> of the {plan.requests.looked} requests of the last{' '}
          {plan.requests.past} would take another route:{' '}
          {plan.requests.groups.map((group) => `${group.from} → ${group.to} (${group.count})`).join(', ')}
        </p>
      )}
      {plan.warnings.length > 0 && <Lines title="Warnings" lines={plan.warnings} />}
      {plan.findings.length > 0 && <Lines title="Findings" lines={plan.findings} />}
    </div>
  );
}

const Lines = ({ title, lines }: { title: string; lines: string[] }) => (
  <section>
    <h3>{title}</h3>
    <ul class="lines">
      {lines.map((line) => (
        <li key={line} class="break">
          {line}
        </li>
      ))}
    </ul>
  </section>
);
