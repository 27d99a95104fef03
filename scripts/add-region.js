// @ts-check
/**
 * Tells the upstream the region, unless the client has said one, and the client how long the gateway took.
 *
 * config: { region?: string }   "eu" where it is not given
 *
 * @type {import("./types/sallyport").Handler<{ region?: string }>}
 */
export default async function (request, next, { config, exchange }) {
  if (!request.headers.has("x-region")) request.headers.set("x-region", config.region ?? "eu");
  const response = await next(request);
  response.headers.set("server-timing", `gw;dur=${exchange.elapsedMillis()}`);
  return response;
}
