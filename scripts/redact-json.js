// @ts-check
import { isJson } from "./lib/media-types.js";

/**
 * Takes members out of JSON responses, wherever they stand, unless the caller belongs to a group that may see them.
 *
 * config: { members: string[], allow?: string[] }   names of members; groups of consumers that see all
 *
 * @type {import("./types/sallyport").Handler<{ members: string[], allow?: string[] }>}
 */
export default async function (request, next, { config, exchange }) {
  const response = await next(request);
  const groups = exchange.consumer?.groups ?? [];
  if (!isJson(response.headers.get("content-type")) || groups.some((group) => config.allow?.includes(group))) {
    return response;
  }
  const hidden = new Set(config.members);
  let count = 0;
  const text = JSON.stringify(await response.json(), function (key, value) {
    if (!hidden.has(key) || Array.isArray(this)) return value;
    count++;
    return undefined;
  });
  if (count > 0) {
    response.body = text;
    response.headers.delete("etag");
    exchange.note("redacted", count);
  }
  return response;
}
