import { ago, count } from '../../format';
import { to } from '../../router';
import { Tag } from '../../ui/parts';

/** What the last answer to a consumer told of one limit. */
export interface Limit {
  route: string;
  at: number;
  limit: string;
  of: number | null;
  seconds: number | null;
  left: number | null;
  again: number | null;
}

/** What the last answer of a route to a consumer told. */
export interface Told {
  route: string;
  at: number;
  refused: number;
  limits: Omit<Limit, 'route' | 'at'>[];
}

const each = (told: Told[] | undefined): Limit[] =>
  (told ?? []).flatMap((one) => one.limits.map((limit) => ({ ...limit, route: one.route, at: one.at })));

/** What is used of it by now, as far as it is known: as long as its window after the last answer it is all there again. */
function used(limit: Limit): number | null {
  if (limit.of === null || limit.left === null) {
    return null;
  }
  const over = limit.seconds !== null && Date.now() - limit.at > limit.seconds * 1000;
  return over ? 0 : Math.max(0, limit.of - limit.left);
}

const share = (limit: Limit) => (used(limit) ?? 0) / Math.max(1, limit.of ?? 1);

/** How much of the limit that is used most. */
export const most = (told: Told[] | undefined) => Math.max(0, ...each(told).map(share));

/** The limit that is used most. */
export function Used({ told, consumer }: { told: Told[] | undefined; consumer: string }) {
  const [first] = each(told).sort((a, b) => share(b) - share(a));
  if (!first) {
    return <span class="muted">none met</span>;
  }
  return <Meter limit={first} name={`${first.limit} on ${first.route} of ${consumer}`} />;
}

function Meter({ limit, name }: { limit: Limit; name: string }) {
  const now = used(limit);
  if (now === null || limit.of === null) {
    return <span>{limit.left === null ? 'not told' : `${count(limit.left)} left`}</span>;
  }
  return (
    <span class="used">
      <meter aria-label={`Used of ${name}`} min={0} max={limit.of} high={limit.of * 0.9} value={now} />
      <span>
        {count(now)} of {count(limit.of)}
      </span>
    </span>
  );
}

/** All limits that the last answers to a consumer told. */
export function Limits({ told }: { told: Told[] }) {
  const limits = each(told);
  return (
    <section class="stack tight" aria-label="Limits used">
      <h3>Limits used</h3>
      {limits.length === 0 && <p class="muted">No answer to it has told of a limit since the console began.</p>}
      <ul class="lines">
        {limits.map((limit) => (
          <li key={limit.route + limit.limit} class="row">
            <Meter limit={limit} name={`${limit.limit} on ${limit.route}`} />
            <strong>{limit.limit}</strong>
            <a href={to(['routes', limit.route])}>{limit.route}</a>
            <span class="muted">
              {limit.seconds !== null && `each ${limit.seconds} s, `}told {ago(limit.at)}
            </span>
          </li>
        ))}
        {told
          .filter((one) => one.refused > 0)
          .map((one) => (
            <li key={one.route} class="row">
              <Tag tone="bad">{count(one.refused)} refused</Tag>
              <span class="muted">on</span>
              <a href={to(['routes', one.route])}>{one.route}</a>
            </li>
          ))}
      </ul>
      <p class="hint">As the field RateLimit of the last answers said. A limit that others share may have less left by now.</p>
    </section>
  );
}
