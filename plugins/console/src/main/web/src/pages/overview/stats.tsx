import { count, millis, percent, rate } from '../../format';
import type { Live } from '../../types';
import { Spark } from '../../ui/chart';

/** The numbers of this second, each with its last minutes. */
export function Stats({ all }: { all: Live[] }) {
  const now = all.at(-1);
  const wrong = now && now.rps > 0 ? now.errors / now.rps : 0;
  return (
    <dl class="stats" aria-label="This second">
      <Stat name="Requests / s" value={now && rate(now.rps)} values={all.map((each) => each.rps)} />
      <Stat
        name="Errors"
        value={now && percent(wrong)}
        values={all.map((each) => each.errors)}
        colour="--line-2"
        bad={wrong > 0.01}
      />
      <Stat name="p50" value={now && millis(now.p50)} values={all.map((each) => each.p50)} colour="--line-3" />
      <Stat name="p95" value={now && millis(now.p95)} values={all.map((each) => each.p95)} colour="--line-3" />
      <Stat name="p99" value={now && millis(now.p99)} values={all.map((each) => each.p99)} colour="--line-3" />
      <Stat name="In flight" value={known(now?.inFlight, count)} values={all.map((each) => each.inFlight ?? 0)} />
      <Stat name="CPU" value={known(now?.cpu, percent)} values={all.map((each) => each.cpu ?? 0)} colour="--line-4" />
      <Stat name="Heap" value={known(now?.heap, percent)} values={all.map((each) => each.heap ?? 0)} colour="--line-4" />
    </dl>
  );
}

const known = (value: number | null | undefined, say: (value: number) => string) =>
  value === null || value === undefined ? undefined : say(value);

interface Props {
  name: string;
  value: string | undefined;
  values: number[];
  colour?: string;
  bad?: boolean;
}

function Stat({ name, value, values, colour, bad }: Props) {
  return (
    <div class="stat">
      <dt>{name}</dt>
      <dd class={bad ? 'bad' : ''}>{value ?? '–'}</dd>
      <dd class="under">
        <Spark values={values.slice(-120)} colour={colour} />
      </dd>
    </div>
  );
}
