import { get } from '../../api';
import { millis, rate } from '../../format';
import { seconds } from '../../live';
import { BASE } from '../../router';
import type { Series } from '../../types';
import { Chart, type Line } from '../../ui/chart';
import { Card, Failure } from '../../ui/parts';
import { useLoad } from '../../ui/hooks';
import type { View } from './overview';

interface Drawn {
  at: number[];
  requests: (number | null)[];
  errors: (number | null)[];
  p50: (number | null)[];
  p95: (number | null)[];
  p99: (number | null)[];
}

/** Traffic and latency over the time that is looked at. What is dragged over is looked at closely. */
export function Charts({ view, onBrush }: { view: View; onBrush: (from: number, to: number) => void }) {
  const live = view.by === 'all' && view.span === 0 && view.from === undefined;
  const { value, failure } = useLoad<Series | null>(
    async (signal) => {
      if (live) {
        return null;
      }
      const end = Math.floor(Date.now() / 1000);
      return get<Series>(
        `${BASE}/api/series`,
        {
          by: view.by,
          name: view.name,
          from: (view.from ?? end - (view.span || 300)) * 1000,
          to: (view.to ?? end) * 1000,
          points: 300,
        },
        signal,
      );
    },
    [live, view.by, view.name, view.span, view.from, view.to],
    view.to || live ? 0 : view.span > 3600 ? 60_000 : 5000,
  );
  const drawn = live ? fromLive() : fromSeries(value);
  const about = view.name ? ` of ${view.by} ${view.name}` : '';
  const traffic: Line[] = [
    { name: 'Requests / s', colour: '--line-1', values: drawn.requests, fill: true },
    { name: 'Errors / s', colour: '--line-2', values: drawn.errors },
  ];
  const latency: Line[] = [
    { name: 'p50', colour: '--line-3', values: drawn.p50 },
    { name: 'p95', colour: '--line-4', values: drawn.p95 },
    { name: 'p99', colour: '--line-2', values: drawn.p99 },
  ];
  return (
    <>
      <Failure failure={failure} />
      <div class="columns">
        <Card title="Traffic">
          <Chart label={`Traffic${about}`} at={drawn.at} lines={traffic} unit={rate} onBrush={onBrush} />
        </Card>
        <Card title="Latency">
          <Chart label={`Latency${about}`} at={drawn.at} lines={latency} unit={millis} onBrush={onBrush} />
        </Card>
      </div>
    </>
  );
}

function fromLive(): Drawn {
  const all = seconds.value;
  return {
    at: all.map((each) => each.at / 1000),
    requests: all.map((each) => each.rps),
    errors: all.map((each) => each.errors),
    p50: all.map((each) => each.p50),
    p95: all.map((each) => each.p95),
    p99: all.map((each) => each.p99),
  };
}

function fromSeries(series: Series | null | undefined): Drawn {
  const one = series?.series[0];
  if (!series || !one) {
    return { at: [], requests: [], errors: [], p50: [], p95: [], p99: [] };
  }
  const perSecond = (value: number | null) => (value === null ? null : value / series.step);
  return {
    at: one.at.map((at) => at / 1000),
    requests: one.requests.map(perSecond),
    errors: one.errors.map(perSecond),
    p50: one.p50,
    p95: one.p95,
    p99: one.p99,
  };
}
