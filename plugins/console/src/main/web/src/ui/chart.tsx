import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { prefs } from '../prefs';

export interface Line {
  name: string;
  /** The name of a colour of the style sheet: `--line-1`. */
  colour: string;
  values: (number | null)[];
  fill?: boolean;
}

interface Props {
  label: string;
  at: number[];
  lines: Line[];
  unit: (value: number) => string;
  onBrush?: (from: number, to: number) => void;
  height?: number;
}

/** Times of an axis: with seconds where they are close, with days where they are far apart. */
function clock(ticks: number[]): string[] {
  const step = ticks.length > 1 ? ticks[1] - ticks[0] : 60;
  const how: Intl.DateTimeFormatOptions =
    step < 60 ? { hour: '2-digit', minute: '2-digit', second: '2-digit' } : step < 43_200 ? { hour: '2-digit', minute: '2-digit' } : { day: '2-digit', month: 'short' };
  const format = new Intl.DateTimeFormat('en-GB', how);
  return ticks.map((tick) => format.format(new Date(tick * 1000)));
}

/** What an axis spans while there is nothing to draw. */
function lastMinutes(): [number, number] {
  const now = Date.now() / 1000;
  return [now - 300, now];
}

const sync = uPlot.sync('sallyport');

/** Lines over time; what is dragged over is looked at closely. The same as a sentence for who hears the page. */
export function Chart({ label, at, lines, unit, onBrush, height = 190 }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const brush = useRef(onBrush);
  brush.current = onBrush;
  const theme = prefs.value.theme;
  const shape = lines.map((line) => line.name + line.colour).join() + theme;

  useEffect(() => {
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    const axis = { stroke: colour('--muted'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false }, font: '11px system-ui' };
    const made = new uPlot(
      {
        width: box.current!.clientWidth || 400,
        height,
        padding: [10, 8, 0, 0],
        cursor: { sync: { key: sync.key }, drag: { x: true, y: false, setScale: false }, points: { size: 6 } },
        legend: { live: true },
        scales: {
          x: { range: (_, min, max) => (min === null || min === max ? lastMinutes() : [min, max]) },
          y: { range: (_, _min, max) => [0, max > 0 ? max * 1.12 : 1] },
        },
        axes: [
          { ...axis, size: 26, values: (_, ticks) => clock(ticks), space: 74 },
          { ...axis, size: 58, space: 34, values: (_, ticks) => ticks.map(unit) },
        ],
        series: [
          { label: 'At', value: (_, seconds) => (seconds === null ? '–' : new Date(seconds * 1000).toLocaleTimeString('en-GB')) },
          ...lines.map((line) => ({
            label: line.name,
            stroke: colour(line.colour),
            width: 1.5,
            fill: line.fill ? `color-mix(in srgb, ${colour(line.colour)} 14%, transparent)` : undefined,
            points: { show: false },
            value: (_: uPlot, value: number | null) => (value === null || value === undefined ? '–' : unit(value)),
          })),
        ],
        hooks: {
          setSelect: [
            (self) => {
              if (self.select.width > 8 && brush.current) {
                const from = self.posToVal(self.select.left, 'x');
                const to = self.posToVal(self.select.left + self.select.width, 'x');
                brush.current(Math.floor(from), Math.ceil(to));
              }
              self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            },
          ],
        },
      },
      [at, ...lines.map((line) => line.values)] as uPlot.AlignedData,
      box.current!,
    );
    made.over.setAttribute('aria-hidden', 'true');
    sync.sub(made);
    plot.current = made;
    const size = new ResizeObserver(() => box.current && made.setSize({ width: box.current.clientWidth, height }));
    size.observe(box.current!);
    return () => {
      size.disconnect();
      sync.unsub(made);
      made.destroy();
    };
  }, [shape, height]);

  useEffect(() => {
    plot.current?.setData([at, ...lines.map((line) => line.values)] as uPlot.AlignedData);
  });

  const last = (values: (number | null)[]) => {
    const value = values.findLast((each) => each !== null && each !== undefined);
    return value === undefined || value === null ? 'nothing' : unit(value);
  };
  return (
    <figure class="chart" aria-label={label}>
      <figcaption class="hidden">
        {label}: {lines.map((line) => `${line.name} ${last(line.values)}`).join(', ')}
      </figcaption>
      <div ref={box} />
    </figure>
  );
}

/** A line without axes, beside a number. */
export function Spark({ values, colour = '--line-1' }: { values: number[]; colour?: string }) {
  const most = Math.max(...values, 0.001);
  const points = values.map((value, index) => `${(index / Math.max(1, values.length - 1)) * 100},${23 - (value / most) * 21}`).join(' ');
  return (
    <svg class={`spark ${colour.slice(2)}`} viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">
      <polyline points={points} />
    </svg>
  );
}
