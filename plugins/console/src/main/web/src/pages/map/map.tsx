import { get } from '../../api';
import { micros, percent, rate } from '../../format';
import { BASE, go, to } from '../../router';
import type { MapNode, State, TrafficMap } from '../../types';
import { useLoad, useTitle } from '../../ui/hooks';
import { Failure, Head, Loading } from '../../ui/parts';

const COLUMNS = ['listener', 'route', 'step', 'upstream', 'target'] as const;
const NAMES = { listener: 'Clients at listeners', route: 'Routes', step: 'Steps', upstream: 'Upstreams', target: 'Targets' };
const WIDTH = 212;
const GAP = 62;
const ROW = 54;
const BOX = 42;

/** Where the traffic goes: a column a kind, a line as thick as what flows through it. */
export function MapPage() {
  useTitle('Traffic map');
  const { value, failure } = useLoad((signal) => get<TrafficMap>(`${BASE}/api/map`, {}, signal), [], 2000);
  return (
    <>
      <Head title="Traffic map" about="From clients to targets, by what flows now. A box leads to its page." />
      <Failure failure={failure} />
      <section class="card map" aria-label="Traffic map">{value ? <Picture map={value} /> : !failure && <Loading />}</section>
    </>
  );
}

function href(node: MapNode): string | null {
  if (node.rest) {
    return to(['routes']);
  }
  switch (node.kind) {
    case 'route':
      return to(['routes', node.name]);
    case 'step':
      return to(['routes', node.route!]);
    case 'upstream':
      return to([], { by: 'upstream', name: node.name });
    case 'listener':
      return to(['requests']);
    default:
      return null;
  }
}

function Picture({ map }: { map: TrafficMap }) {
  const shown = COLUMNS.filter((kind) => map.nodes.some((node) => node.kind === kind));
  const places = new Map<string, { x: number; y: number }>();
  let height = 0;
  const most = Math.max(...shown.map((kind) => map.nodes.filter((node) => node.kind === kind).length));
  shown.forEach((kind, column) => {
    const nodes = map.nodes.filter((node) => node.kind === kind);
    const top = 34 + ((most - nodes.length) * ROW) / 2;
    nodes.forEach((node, index) => places.set(node.id, { x: column * (WIDTH + GAP), y: top + index * ROW }));
    height = Math.max(height, 34 + most * ROW);
  });
  const width = shown.length * (WIDTH + GAP) - GAP;
  const busiest = Math.max(...map.edges.map((edge) => edge.rps), 0.001);
  const labelled = shown.map((kind) => NAMES[kind]).join(', ');
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="The map">
      <svg class="flow" viewBox={`-2 0 ${width + 4} ${height}`}>
        <title>Traffic: {labelled}</title>
        {shown.map((kind, column) => (
          <text key={kind} class="kind" x={column * (WIDTH + GAP)} y="16">
            {NAMES[kind]}
          </text>
        ))}
        {map.edges.map((edge) => {
          const from = places.get(edge.from);
          const end = places.get(edge.to);
          if (!from || !end) {
            return null;
          }
          const [x1, y1, x2, y2] = [from.x + WIDTH, from.y + BOX / 2, end.x, end.y + BOX / 2];
          const middle = (x1 + x2) / 2;
          // From a step to the one below it.
          const down = from.x === end.x && `M${from.x + WIDTH / 2} ${from.y + BOX}V${end.y}`;
          return (
            <path
              key={`${edge.from} ${edge.to}`}
              class={`edge ${edge.rps === 0 ? 'still' : edge.errorRps > edge.rps * 0.01 ? 'bad' : ''}`}
              d={down || `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`}
              stroke-width={1.5 + 9 * Math.sqrt(edge.rps / busiest)}
            >
              <title>
                {rate(edge.rps)} requests/s, {percent(edge.errorRps, edge.rps)} errors
              </title>
            </path>
          );
        })}
        {map.nodes.map((node) => {
          const at = places.get(node.id)!;
          const link = href(node);
          const state = stateOf(node, map.states);
          const wrong = state && !FINE.includes(state);
          const said = [
            `${rate(node.rps)}/s`,
            node.errorRps > 0 && `${percent(node.errorRps, node.rps)} err`,
            node.connections !== undefined && `${node.connections} open`,
            state,
            node.kind === 'step' && node.rps > 0 && micros((node.p50 ?? 0) * 1000),
            node.answeredRps ? `${rate(node.answeredRps)}/s answered` : null,
            node.kind === 'step' && modes(node),
          ]
            .filter(Boolean)
            .join(' · ');
          const box = (
            <>
              <rect class={`node ${node.kind} ${node.kind === 'step' && modes(node) ? 'watching' : ''} ${wrong ? 'wrong' : node.errorRps > node.rps * 0.01 ? 'bad' : ''}`} x={at.x} y={at.y} width={WIDTH} height={BOX} rx="8">
                <title>{node.steps?.map((step) => (step.mode === 'enforce' ? step.id : `${step.id} (${step.mode})`)).join(' → ') || node.name}</title>
              </rect>
              <text class="name" x={at.x + 11} y={at.y + 17}>
                {short(node.name)}
              </text>
              <text class="said" x={at.x + 11} y={at.y + 33}>
                {said}
              </text>
            </>
          );
          return link ? (
            <a
              key={node.id}
              href={link}
              onClick={(event) => {
                if (!event.metaKey && !event.ctrlKey) {
                  event.preventDefault();
                  go(link);
                }
              }}
            >
              {box}
            </a>
          ) : (
            <g key={node.id} role="img" aria-label={`${node.kind} ${node.name}: ${said}`}>
              {box}
            </g>
          );
        })}
      </svg>
    </div>
  );
}

/** What a step's node says of modes: nothing where all are enforced. */
function modes(node: MapNode): string | null {
  const others = node.steps?.filter((step) => step.mode !== 'enforce') ?? [];
  return others.length === 0 ? null : others.length === 1 && node.steps!.length === 1 ? others[0].mode : `${others.length} in monitor`;
}

const short = (name: string) => (name.length > 28 ? `${name.slice(0, 27)}…` : name);

const FINE = ['up', 'healthy', 'available', 'unchecked', 'unknown', 'ok'];

/** A word for how it is, where there is one: what is wrong first. */
function stateOf(node: MapNode, states: State[]): string | null {
  if (node.kind === 'target') {
    return node.ejected ? 'ejected' : (node.health ?? null);
  }
  const kind = node.kind === 'route' ? 'breaker' : 'upstream';
  return states.find((state) => state.kind === kind && state.name === node.name)?.state ?? null;
}
