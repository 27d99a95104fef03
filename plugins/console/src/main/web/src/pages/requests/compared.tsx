import type { Trace } from '../../types';
import { Card, Status, Tag } from '../../ui/parts';

interface Side {
  verdict: string;
  status: number;
  route?: string;
  upstream?: string;
  body?: string;
  headers?: Record<string, string | string[]>;
  steps?: { id: string; place: string; verdict: string; mode?: string }[];
  unknown: Record<string, string>;
  notRun: string[];
}

export interface Replayed {
  recorded: Trace;
  serving: Side;
  candidate: Side;
  all: {
    requests: number;
    same: number;
    different: number;
    notKnown: number;
    differences: { kind: string; route?: string; from: string; to: string; count: number; examples: string[] }[];
  };
}

/** Two answers side by side: what serves, and the candidate; beside them what was recorded. */
export function Compared({ replayed }: { replayed: Replayed }) {
  const { recorded, serving, candidate, all } = replayed;
  const same = serving.verdict === candidate.verdict && serving.route === candidate.route;
  const names = [...new Set([...Object.keys(serving.headers ?? {}), ...Object.keys(candidate.headers ?? {})])].sort();
  const key = (step: { place: string; id: string }) => `${step.place} ${step.id}`;
  const steps = new Map([...(serving.steps ?? []), ...(candidate.steps ?? [])].map((step) => [key(step), step.id]));
  const verdict = (side: { steps?: Side['steps'] }, name: string) => {
    const step = side.steps?.find((each) => key(each) === name);
    return step ? `${step.verdict}${step.mode ? ` · ${step.mode}` : ''}` : 'does not run';
  };
  return (
    <>
      <Card
        title="Both answers"
        flush
        extra={<Tag tone={same ? 'ok' : 'warn'}>{same ? 'The candidate decides the same' : 'The candidate decides differently'}</Tag>}
      >
        <div class="scroll" tabIndex={0} role="region" aria-label="Both answers">
          <table class="compared">
            <caption class="hidden">What was recorded, what serves now and the candidate</caption>
            <thead>
              <tr>
                <th scope="col">
                  <span class="hidden">What</span>
                </th>
                <th scope="col">Recorded</th>
                <th scope="col">Serves now</th>
                <th scope="col">Candidate</th>
              </tr>
            </thead>
            <tbody>
              <Row name="Verdict" was={recorded.outcome} now={serving.verdict} next={candidate.verdict} />
              <Row name="Route" was={recorded.route ?? 'none'} now={serving.route ?? 'none'} next={candidate.route ?? 'none'} />
              <tr>
                <th scope="row">Status</th>
                <td>
                  <Status status={recorded.response?.status ?? 0} />
                </td>
                <td>
                  <Status status={serving.status} />
                </td>
                <td>
                  <Status status={candidate.status} />
                </td>
              </tr>
              {[...steps].map(([name, id]) => (
                <Row key={name} name={`Step ${id}`} was={verdict(recorded, name)} now={verdict(serving, name)} next={verdict(candidate, name)} />
              ))}
              {names.map((name) => (
                <Row
                  key={name}
                  name={name}
                  mono
                  was={told(recorded.response?.headers[name])}
                  now={told(serving.headers?.[name])}
                  next={told(candidate.headers?.[name])}
                />
              ))}
              <Row
                name="Body"
                mono
                was={`${recorded.response?.bodyBytes ?? 0} bytes, not recorded`}
                now={serving.body ?? "the target's, which is not asked"}
                next={candidate.body ?? "the target's, which is not asked"}
              />
              <Row name="Not known" was="" now={unknown(serving)} next={unknown(candidate)} />
              <Row name="Not run" was="" now={serving.notRun.join(', ')} next={candidate.notRun.join(', ')} />
            </tbody>
          </table>
        </div>
      </Card>
      <Card title="All that were recorded until then">
        <p>
          {all.requests} requests: {all.same} the same, {all.different} different, {all.notKnown} the same as far as it is known.
        </p>
        <ul class="lines">
          {all.differences.map((each) => (
            <li key={each.kind + each.route + each.from + each.to}>
              <strong>{each.count}</strong> × {each.kind === 'route' ? 'another route' : `route ${each.route}`}: <del>{each.from}</del> → <ins>{each.to}</ins>
            </li>
          ))}
        </ul>
      </Card>
    </>
  );
}

const told = (value: string | string[] | undefined) => (Array.isArray(value) ? value.join(', ') : (value ?? ''));

const unknown = (side: Side) =>
  Object.entries(side.unknown)
    .map(([step, why]) => `${step} ${why}`)
    .join('; ');

function Row({ name, was, now, next, mono }: { name: string; was: string; now: string; next: string; mono?: boolean }) {
  if (!was && !now && !next) {
    return null;
  }
  const kind = mono ? 'mono break' : 'break';
  return (
    <tr>
      <th scope="row" class={mono ? 'mono' : ''}>
        {name}
      </th>
      <td class={kind}>{was}</td>
      <td class={kind}>{now !== next && now ? <del>{now}</del> : now}</td>
      <td class={kind}>{now !== next && next ? <ins>{next}</ins> : next}</td>
    </tr>
  );
}
