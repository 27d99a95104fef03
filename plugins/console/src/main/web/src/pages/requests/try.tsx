import { useState } from 'preact/hooks';
import { call } from '../../api';
import { micros } from '../../format';
import { place, to } from '../../router';
import { may } from '../../session';
import type { Json, JsonObject } from '../../types';
import { useLoad, useTitle } from '../../ui/hooks';
import { Card, Failure, Field, Head, Status, Tag } from '../../ui/parts';
import { inline } from '../../ui/yaml';
import { traceSoon } from './tracesoon';
import { TraceView } from './traceview';

interface Tried {
  status: number;
  headers: Record<string, string | string[]>;
  body: string;
  /** Whether there was more of it than is shown. */
  cut: boolean;
  /** By which its record is found. */
  once: string;
}

interface Explained {
  route?: string;
  reason?: string;
  place?: string;
  upstream?: { name: string; reached: boolean; sends?: string };
  steps: { id: string; type: string; verdict: string; says?: string; changes?: string[]; mode?: string; config?: Json }[];
  others: { route: string; reason: string }[];
}

// Kept while one looks at another page, in memory alone: a header may be a credential.
const kept = { headers: '', body: '' };

/** Says what would become of a request, or sends it through the gateway and shows each step. */
export function TryPage() {
  useTitle('Test request');
  const asked = place.value.query;
  const [method, setMethod] = useState(asked.get('method') ?? 'GET');
  const [path, setPath] = useState(asked.get('path') ?? '/');
  const [headers, setHeaders] = useState(kept.headers);
  const [body, setBody] = useState(kept.body);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Error | null>(null);
  const [tried, setTried] = useState<Tried | null>(null);
  const [explained, setExplained] = useState<Explained | null>(null);
  kept.headers = headers;
  kept.body = body;

  const run = async (what: 'explain' | 'try') => {
    const question: JsonObject = { method, url: path, headers: fields(headers) };
    if (body) {
      question.body = body;
    }
    setBusy(true);
    setFailure(null);
    try {
      if (what === 'explain') {
        setTried(null);
        setExplained(await call<Explained>('POST', '/v1/explain', { body: question }));
      } else {
        setExplained(null);
        setTried(await call<Tried>('POST', '/v1/try', { body: question }));
      }
    } catch (failed) {
      setFailure(failed as Error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Head title="Test request" about="Explain says what would happen, and sends nothing. Send sends it through the gateway." />
      <form
        class="card stack"
        aria-label="Request"
        onSubmit={(event) => {
          event.preventDefault();
          void run(may('operate') ? 'try' : 'explain');
        }}
      >
        <div class="asker">
          <Field label="Method" id="method">
            <input id="method" list="methods" value={method} required onInput={(event) => setMethod(event.currentTarget.value.toUpperCase())} />
          </Field>
          <Field label="Path, or whole URL" id="path">
            <input id="path" class="mono" value={path} required onInput={(event) => setPath(event.currentTarget.value)} />
          </Field>
          <datalist id="methods">
            {['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'].map((each) => (
              <option key={each} value={each} />
            ))}
          </datalist>
        </div>
        <div class="columns">
          <Field label="Headers" id="headers">
            <textarea
              id="headers"
              rows={4}
              spellcheck={false}
              placeholder={'x-api-key: …\naccept: application/json'}
              value={headers}
              onInput={(event) => setHeaders(event.currentTarget.value)}
            />
          </Field>
          <Field label="Body" id="body">
            <textarea id="body" rows={4} spellcheck={false} value={body} onInput={(event) => setBody(event.currentTarget.value)} />
          </Field>
        </div>
        <div class="row">
          <button type="button" disabled={busy} onClick={() => void run('explain')}>
            Explain
          </button>
          {may('operate') && (
            <button type="submit" class="primary" disabled={busy}>
              Send
            </button>
          )}
        </div>
      </form>
      <Failure failure={failure} />
      {explained && <Explanation of={explained} />}
      {tried && <Answer key={tried.once} tried={tried} />}
    </>
  );
}

function fields(text: string): Record<string, string[]> {
  const all: Record<string, string[]> = {};
  for (const line of text.split('\n')) {
    const at = line.indexOf(':');
    if (at > 0) {
      (all[line.slice(0, at).trim().toLowerCase()] ??= []).push(line.slice(at + 1).trim());
    }
  }
  return all;
}

function Explanation({ of }: { of: Explained }) {
  return (
    <Card title="What would happen">
      <p>
        {of.route ? (
          <>
            Route <a href={to(['routes', of.route])}>{of.route}</a>: {of.reason}
          </>
        ) : (
          <>No route: {of.reason}</>
        )}
      </p>
      <ol class="lines explained">
        {of.steps.map((step) => (
          <li key={step.id}>
            <Tag tone={step.verdict === 'passes' ? 'ok' : step.verdict === 'answers' ? 'bad' : 'plain'}>{step.verdict}</Tag> <strong>{step.id}</strong>{' '}
            {step.mode === 'monitor' && <Tag tone="info">monitor</Tag>} <span class="muted">{[step.says, ...(step.changes ?? [])].filter(Boolean).join('; ') || inline(step.config ?? null)}</span>
          </li>
        ))}
      </ol>
      {of.upstream && (
        <p>
          {of.upstream.reached ? 'Sent on to' : 'Not reached: '} upstream <strong>{of.upstream.name}</strong>
          {of.upstream.sends && <code> {of.upstream.sends}</code>}
        </p>
      )}
      {of.others?.length > 0 && (
        <details class="group">
          <summary>Why not the {of.others.length} others</summary>
          <ul class="lines">
            {of.others.slice(0, 100).map((other) => (
              <li key={other.route}>
                <strong>{other.route}</strong> <span class="muted">{other.reason}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Card>
  );
}

function Answer({ tried }: { tried: Tried }) {
  const { value: trace } = useLoad((signal) => traceSoon(tried.once, signal), [tried.once]);
  return (
    <>
      <Card title="Answer">
        <p class="row">
          <Status status={tried.status} />
          {trace && <span class="muted">in {micros(trace.tookMicros)}</span>}
          {trace && <a href={to(['requests', trace.id])}>Open this request</a>}
        </p>
        {tried.body && (
          <pre class="patch" tabIndex={0} role="region" aria-label="Body">
            {tried.body}
            {tried.cut && '\n…'}
          </pre>
        )}
      </Card>
      {trace && <TraceView trace={trace} />}
    </>
  );
}
