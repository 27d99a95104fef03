/** What the gateway answers, as far as the pages read it. */

export type Role = 'read' | 'operate' | 'admin';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export interface Match {
  hosts?: string[];
  paths?: string[];
  methods?: string[];
  headers?: Record<string, string>;
  query?: Record<string, string>;
}

export interface RouteStep {
  id: string;
  type: string;
  place: string;
  mode?: 'monitor';
  version?: string;
  canary?: string;
}

export interface Route {
  name: string;
  place: string;
  match: Match[];
  steps: RouteStep[];
  upstream: string | null;
}

export interface Target {
  url: string;
  weight: number;
  health: string;
  ejected: boolean;
  inFlight: number;
  requests: number;
}

export interface Upstream {
  name: string;
  balance: string;
  panic: boolean;
  targets: Target[];
}

export interface Consumer {
  name: string;
  groups: string[];
  tags: Record<string, string>;
  credentials?: { type: string; id?: string; expires?: string }[];
}

export interface Plugin {
  id: string;
  version?: string;
  state: string;
  reason?: string;
  file?: string;
  sha256?: string;
  provider?: string;
  licence?: string;
  signature?: string;
  publisher?: string;
  description?: string;
  permissions?: string[];
  from?: string;
  types?: { point: string; type: string; doc: string }[];
  loaders?: { live: number; retired: number; unreclaimed: number };
}

export interface Generation {
  number: number;
  state: 'serving' | 'kept';
  held: boolean;
  at: string;
  author: string;
  reason: string;
  message: string;
  changes: string[];
  rollbackTo?: number;
  degraded?: string[];
}

export interface Plan {
  generation: number;
  changes: boolean;
  differences: {
    kind: string;
    part: string;
    place: string;
    details: { key: string; old?: string; now?: string }[];
  }[];
  others: string[];
  requests: { looked: number; past: string; rerouted: number; groups: { from: string; to: string; count: number }[] };
  warnings: string[];
  findings: string[];
  patch?: string;
  file?: string;
  line?: number;
}

export interface TraceStep {
  order: number;
  place: string;
  id: string;
  type: string;
  version?: string;
  startMicros: number;
  selfMicros: number;
  totalMicros: number;
  verdict: string;
  mode?: string;
  notes?: Record<string, Json>;
  request?: Changes;
  response?: Changes & { status?: number };
}

export interface Changes {
  headers?: { set?: Record<string, string>; removed?: string[]; added?: Record<string, string> };
  [key: string]: unknown;
}

export interface Attempt {
  number: number;
  upstream: string;
  target: string;
  startMicros: number;
  totalMicros: number;
  connectMicros?: number;
  firstByteMicros?: number;
  status?: number;
  failure?: string;
}

export interface Trace {
  id: string;
  at: string;
  generation: number;
  listener: string;
  protocol: string;
  client: string;
  route?: string;
  consumer?: string;
  request: { method: string; target: string; headers: Record<string, string | string[]>; bodyBytes?: number };
  /** Left out where none ran, and where nothing was sent on. */
  steps?: TraceStep[];
  attempts?: Attempt[];
  response?: { status: number; headers: Record<string, string | string[]>; headMicros: number; bodyBytes?: number };
  outcome: string;
  tookMicros: number;
}

export interface Live {
  at: number;
  rps: number;
  errors: number;
  p50: number;
  p95: number;
  p99: number;
  /** Null for seconds in which nobody looked. */
  inFlight: number | null;
  /** Parts of all there is, from 0 to 1. */
  cpu: number | null;
  heap: number | null;
  routes: Flow[];
  upstreams: Flow[];
  consumers: Flow[];
  states: State[];
}

export interface Flow {
  name: string;
  rps: number;
  errorRps: number;
  p99: number | null;
}

/** What is not as it should be: a circuit, targets, an upstream. */
export interface State {
  kind: string;
  name: string | null;
  step: string | null;
  target: string | null;
  state: string;
  count: number;
}

export interface SeriesOne {
  name: string;
  at: number[];
  requests: number[];
  errors: number[];
  p50: number[];
  p95: number[];
  p99: number[];
}

export interface Series {
  step: number;
  series: SeriesOne[];
}

export interface RecentRequest {
  id: string;
  /** Of the distributed trace that it is in. */
  trace: string | null;
  at: number;
  method: string;
  path: string;
  listener: string;
  route: string | null;
  consumer: string | null;
  client: string;
  protocol: string;
  status: number;
  millis: number;
  requestBytes: number;
  responseBytes: number;
  outcome: string;
  failure: string | null;
  /** Which step has decided, and what that did: answered or failed. */
  step: string | null;
  stepType: string | null;
  did: string | null;
  problem: string | null;
  detail: string | null;
  tries: { upstream: string; target: string; status: number; millis: number; failure: string | null }[];
  notes: string[];
}

export interface MapNode {
  id: string;
  kind: 'listener' | 'route' | 'step' | 'upstream' | 'target';
  name: string;
  rps: number;
  errorRps: number;
  p99: number | null;
  connections?: number;
  /** Of a step's node: what it stands for, whose they are, how long their own time is, and how often they gave the answer. */
  steps?: { id: string; type: string; mode: string }[];
  route?: string;
  p50?: number | null;
  answeredRps?: number;
  health?: string | null;
  ejected?: boolean | null;
  inFlight?: number | null;
  /** How many it stands for, where these are too many to be shown. */
  rest?: number;
}

export interface TrafficMap {
  nodes: MapNode[];
  edges: { from: string; to: string; rps: number; errorRps: number }[];
  states: State[];
}

export interface AuditLine {
  at: string;
  who: string;
  action: string;
  resource?: string;
  outcome: string;
  reason?: string;
  message?: string;
  generation?: number;
  changes?: string[];
  diff?: string[];
}
