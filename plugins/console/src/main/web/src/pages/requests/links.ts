import { get } from '../../api';
import { BASE } from '../../router';
import { useLoad } from '../../ui/hooks';

/** A link of the configuration to where more is known of a request, such as Kibana. */
export interface Link {
  name: string;
  url: string;
}

/** What can be put into a link; what is not known is left out. */
export interface Known {
  id?: string;
  trace?: string | null;
  route?: string | null;
  consumer?: string | null;
  at?: number;
  from?: number;
  to?: number;
}

const AROUND = 15 * 60_000;

export function useLinks(): Link[] {
  const { value } = useLoad((signal) => get<{ links: Link[] }>(`${BASE}/api/links`, {}, signal), []);
  return value?.links ?? [];
}

/**
 * What means nothing to a query language. Whoever reads a link takes its percent signs off before the query in it is read,
 * so that encoding keeps no quote, bracket or operator of a value out of that.
 */
const PLAIN = /^[\p{L}\p{N}_.:@/-]+$/u;

/** Where a link leads for a request; null where something that it names is not known, or is no plain word. */
export function href(link: Link, known: Known): string | null {
  const from = known.from ?? (known.at === undefined ? undefined : known.at - AROUND);
  const to = known.to ?? (known.at === undefined ? undefined : known.at + AROUND);
  const iso = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString());
  const values: Record<string, string | null | undefined> = {
    id: known.id,
    trace: known.trace,
    route: known.route,
    consumer: known.consumer,
    time: iso(known.at),
    from: iso(from),
    to: iso(to),
    fromMillis: from?.toString(),
    toMillis: to?.toString(),
  };
  let whole = true;
  const filled = link.url.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    whole &&= Boolean(value) && PLAIN.test(value!);
    return encodeURIComponent(value ?? '');
  });
  return whole ? filled : null;
}
