import { get, orNone } from '../../api';
import { micros, millis, when } from '../../format';
import { BASE, to } from '../../router';
import { may } from '../../session';
import type { RecentRequest, Trace } from '../../types';
import { useLoad, useTitle } from '../../ui/hooks';
import { Card, Copy, Failure, Head, Loading, Status, Tag } from '../../ui/parts';
import { href, useLinks } from './links';
import { Replay } from './replay';
import { why } from './requests';
import { TraceView } from './traceview';

/** One request: what it was, what became of it, and where that was recorded each step. */
export function RequestPage({ id }: { id: string }) {
  useTitle('Request');
  const links = useLinks();
  const { value, failure } = useLoad(
    async (signal) => {
      const [fact, trace] = await Promise.all([
        orNone(get<RecentRequest>(`${BASE}/api/requests/${encodeURIComponent(id)}`, {}, signal)),
        orNone(get<Trace>(`/v1/traces/${encodeURIComponent(id)}`, {}, signal)),
      ]);
      return { fact, trace };
    },
    [id],
  );
  if (!value) {
    return failure ? <Failure failure={failure} /> : <Loading />;
  }
  const { fact, trace } = value;
  if (!fact && !trace) {
    return (
      <div class="empty">
        <h1>This request is not kept any more</h1>
        <p class="muted">Only the last requests are. Record those that you look for.</p>
        <a href={to(['requests'])}>Requests</a>
      </div>
    );
  }
  const method = trace?.request.method ?? fact!.method;
  const target = trace?.request.target ?? fact!.path;
  const status = trace?.response?.status ?? fact?.status ?? 0;
  return (
    <>
      <Head
        title={`${method} ${target}`}
        about={
          <>
            <a href={to(['requests'])}>Requests</a> · <Status status={status} /> · {when(trace?.at ?? fact!.at)} · took{' '}
            {trace ? micros(trace.tookMicros) : millis(fact!.millis)}
          </>
        }
      >
        <a class="button" href={to(['try'], { method, path: target })}>
          Send it again
        </a>
        <Copy text={id} what="Id" />
        {links.map((link) => {
          const at = new Date(trace?.at ?? fact!.at).getTime();
          const leads = href(link, { id, trace: fact?.trace, route: fact?.route ?? trace?.route, consumer: fact?.consumer ?? trace?.consumer, at });
          return (
            leads && (
              <a key={link.name} class="button" href={leads} target="_blank" rel="noopener noreferrer">
                {link.name}
              </a>
            )
          );
        })}
      </Head>
      {fact && why(fact) && <Reason fact={fact} />}
      <Card title="Facts">
        <dl class="facts">
          <Fact name="Route">{fact?.route ?? trace?.route ? <a href={to(['routes', (fact?.route ?? trace?.route)!])}>{fact?.route ?? trace?.route}</a> : 'none'}</Fact>
          <Fact name="Consumer">{fact?.consumer ?? trace?.consumer}</Fact>
          <Fact name="Client">{fact?.client ?? trace?.client}</Fact>
          <Fact name="Upstream">{fact?.tries.at(-1)?.upstream ?? trace?.attempts?.at(-1)?.upstream}</Fact>
          <Fact name="Target">{fact?.tries.at(-1)?.target ?? trace?.attempts?.at(-1)?.target}</Fact>
          <Fact name="Protocol">{fact?.protocol ?? trace?.protocol}</Fact>
          <Fact name="Outcome">{fact?.outcome ?? trace?.outcome}</Fact>
          <Fact name="Generation">{trace?.generation}</Fact>
          <Fact name="Id">
            <span class="mono">{id}</span>
          </Fact>
        </dl>
      </Card>
      {trace ? (
        <>
          <TraceView trace={trace} />
          {may('operate') && <Replay trace={trace} />}
        </>
      ) : (
        <Card title="Steps">
          <p class="muted">
            This request was not recorded step by step. <a href={to(['try'], { method, path: target })}>Send it again</a> to see each step, or
            turn on Record under <a href={to(['requests'])}>Requests</a>.
          </p>
        </Card>
      )}
    </>
  );
}

function Reason({ fact }: { fact: RecentRequest }) {
  return (
    <Card title="Why">
      <p>
        {fact.step && fact.did && (
          <>
            <Tag tone={fact.status >= 400 ? 'bad' : 'info'}>
              {fact.step} {fact.did}
            </Tag>{' '}
          </>
        )}
        {fact.problem && <code>{fact.problem}</code>} {fact.detail ?? fact.failure}
      </p>
      {fact.tries.length > 0 && (
        <ul class="lines" aria-label="Attempts">
          {fact.tries.map((one, index) => (
            <li key={index}>
              <Status status={one.status} /> <span class="mono break">{one.target}</span> <span class="muted">of {one.upstream}, {millis(one.millis)}</span>{' '}
              {one.failure && <span class="bad">{one.failure}</span>}
            </li>
          ))}
        </ul>
      )}
      {fact.notes.length > 0 && (
        <ul class="lines mono" aria-label="Notes of steps">
          {fact.notes.map((note) => (
            <li key={note} class="break">
              {note}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

const Fact = ({ name, children }: { name: string; children?: preact.ComponentChildren }) =>
  children ? (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  ) : null;
