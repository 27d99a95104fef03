import { useState } from 'preact/hooks';
import { micros } from '../../format';
import type { Attempt, Changes, Json, Trace, TraceStep } from '../../types';
import { Card, Tag } from '../../ui/parts';
import { verdictTone } from '../routes/chain';

interface Bar {
  key: string;
  name: string;
  about: string;
  start: number;
  total: number;
  self?: number;
  kind: 'step' | 'attempt';
  verdict: string;
  step?: TraceStep;
  attempt?: Attempt;
}

/** A recorded request: a waterfall of its steps and attempts, and what each of them did. */
export function TraceView({ trace }: { trace: Trace }) {
  const { steps = [], attempts = [] } = trace;
  const bars: Bar[] = [
    ...steps.map((step) => ({
      key: `step-${step.order}-${step.place}`,
      name: step.id,
      about: step.place,
      start: step.startMicros,
      total: step.totalMicros,
      self: step.selfMicros,
      kind: 'step' as const,
      verdict: step.verdict,
      step,
    })),
    ...attempts.map((attempt) => ({
      key: `attempt-${attempt.number}`,
      name: `Attempt ${attempt.number}`,
      about: attempt.target,
      start: attempt.startMicros,
      total: attempt.totalMicros,
      kind: 'attempt' as const,
      verdict: attempt.status ? String(attempt.status) : (attempt.failure ?? 'failed'),
      attempt,
    })),
  ].sort((a, b) => a.start - b.start);
  const deciding = steps.find((step) => step.verdict === 'answered' || step.verdict === 'failed');
  const [open, setOpen] = useState<string | null>(deciding ? `step-${deciding.order}-${deciding.place}` : null);
  const took = Math.max(trace.tookMicros, 1);
  return (
    <>
      <Card title="Waterfall" flush>
        <ol class="waterfall" aria-label="Steps and attempts, in the order of their beginning">
          {bars.map((bar) => (
            <li key={bar.key} class={open === bar.key ? 'open' : ''}>
              <button type="button" class="fall" aria-expanded={open === bar.key} onClick={() => setOpen(open === bar.key ? null : bar.key)}>
                <span class="fall-name">
                  <strong>{bar.name}</strong> <span class="muted">{bar.about}</span>
                </span>
                <Tag tone={bar.kind === 'attempt' ? (Number(bar.verdict) < 500 ? 'ok' : 'bad') : verdictTone(bar.verdict)}>
                  {bar.verdict}
                  {bar.step?.mode === 'monitor' && ' · monitor'}
                </Tag>
                <svg class="fall-bar" viewBox="0 0 1000 14" preserveAspectRatio="none" aria-hidden="true">
                  <rect class={bar.kind} x={(bar.start / took) * 1000} y="2" width={Math.max(3, (bar.total / took) * 1000)} height="10" rx="2" />
                  {bar.self !== undefined && (
                    <rect class="self" x={(bar.start / took) * 1000} y="2" width={Math.max(3, (bar.self / took) * 1000)} height="10" rx="2" />
                  )}
                </svg>
                <span class="fall-time">{micros(bar.self ?? bar.total)}</span>
              </button>
              {open === bar.key && (bar.step ? <StepDetail step={bar.step} /> : <AttemptDetail attempt={bar.attempt!} />)}
            </li>
          ))}
          {bars.length === 0 && <li class="pad muted">No step ran and nothing was sent on.</li>}
        </ol>
      </Card>
      <div class="columns">
        <Card title="Request">
          <Fields headers={trace.request.headers} />
        </Card>
        <Card title="Response">{trace.response ? <Fields headers={trace.response.headers} /> : <p class="muted">There was none.</p>}</Card>
      </div>
    </>
  );
}

function StepDetail({ step }: { step: TraceStep }) {
  return (
    <div class="fall-detail">
      <dl class="facts">
        <dt>Own time</dt>
        <dd>
          {micros(step.selfMicros)} of {micros(step.totalMicros)} with all that is behind it
        </dd>
        {step.version && (
          <>
            <dt>Version</dt>
            <dd>{step.version}</dd>
          </>
        )}
        {Object.entries(step.notes ?? {}).map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd class="mono">{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
          </>
        ))}
      </dl>
      <ChangesOf title="Changed of the request" changes={step.request} />
      <ChangesOf title="Changed of the response" changes={step.response} />
      {!step.request && !step.response && <p class="muted">It changed nothing.</p>}
    </div>
  );
}

function ChangesOf({ title, changes }: { title: string; changes?: Changes }) {
  if (!changes) {
    return null;
  }
  const { headers, ...others } = changes;
  const set = { ...headers?.set, ...headers?.added };
  return (
    <section>
      <h3>{title}</h3>
      <ul class="mono lines">
        {headers?.removed?.map((name) => (
          <li key={name}>
            <del>{name}</del>
          </li>
        ))}
        {Object.entries(set).map(([name, value]) => (
          <li key={name} class="break">
            <ins>
              {name}: {String(value)}
            </ins>
          </li>
        ))}
        {Object.entries(others).map(([name, value]) => (
          <li key={name} class="break">
            {name}: {typeof value === 'string' ? value : JSON.stringify(value)}
          </li>
        ))}
      </ul>
    </section>
  );
}

function AttemptDetail({ attempt }: { attempt: Attempt }) {
  const { number: _, startMicros: __, ...facts } = attempt;
  return (
    <div class="fall-detail">
      <dl class="facts">
        {Object.entries(facts as Record<string, Json>).map(([name, value]) => (
          <>
            <dt>{name.replace(/Micros$/, '')}</dt>
            <dd class="mono">{name.endsWith('Micros') ? micros(Number(value)) : typeof value === 'string' ? value : JSON.stringify(value)}</dd>
          </>
        ))}
      </dl>
    </div>
  );
}

function Fields({ headers }: { headers: Record<string, string | string[]> }) {
  return (
    <dl class="facts mono">
      {Object.entries(headers).map(([name, value]) => (
        <>
          <dt>{name}</dt>
          <dd>{Array.isArray(value) ? value.join(', ') : value}</dd>
        </>
      ))}
    </dl>
  );
}
