import { all, get } from './api';
import type { JsonObject, Route } from './types';

/** Lists that are long and change seldom: kept for as long as the generation serves that they are of. */

let routes: { generation: number; list: Promise<Route[]> } | null = null;
let schema: { generation: number; json: Promise<JsonObject> } | null = null;

export async function generationNow(signal?: AbortSignal): Promise<number> {
  const [first] = await get<{ number: number }[]>('/v1/generations', { limit: 1 }, signal);
  return first.number;
}

export async function routeList(signal?: AbortSignal): Promise<Route[]> {
  const generation = await generationNow(signal);
  if (routes?.generation !== generation) {
    const list = all<Route>('/v1/routes');
    routes = { generation, list };
    list.catch(() => (routes = null));
  }
  return routes!.list;
}

/** The JSON Schema of the configuration, with the types of the plugins that are there. */
export async function configSchema(signal?: AbortSignal): Promise<JsonObject> {
  const generation = await generationNow(signal);
  if (schema?.generation !== generation) {
    const json = get<JsonObject>('/v1/schema');
    schema = { generation, json };
    json.catch(() => (schema = null));
  }
  return schema!.json;
}
