// @ts-check
/**
 * Answers 503 while a service is under maintenance, but lets some consumers through, and serves reads from the upstream
 * for as long as it still answers.
 *
 * config: { active?: boolean, reads?: boolean, allow?: string[], message?: string, retryAfter?: number }
 *
 * @typedef {{ active?: boolean, reads?: boolean, allow?: string[], message?: string, retryAfter?: number }} Config
 * @type {import("./types/sallyport").Handler<Config>}
 */
export default async function (request, next, { config, exchange, log }) {
  const allowed = exchange.consumer !== null && config.allow?.includes(exchange.consumer.name);
  if (!config.active || allowed) return next(request);
  if (config.reads && ["GET", "HEAD"].includes(request.method)) {
    try {
      return await next(request);
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "UpstreamError") throw error;
      log.info("under maintenance, and the upstream is away:", error.message);
    }
  }
  exchange.note("maintenance", true);
  return Response.json(
    {
      type: "urn:example:maintenance",
      title: "Under maintenance",
      status: 503,
      detail: config.message,
      requestId: exchange.id,
    },
    {
      status: 503,
      headers: { "content-type": "application/problem+json", "retry-after": String(config.retryAfter ?? 600) },
    },
  );
}
