// @ts-check
/** @type {import("./types/sallyport").Handler<{ region?: string, list: number[] }>} */
export default async function (request, next, { config, exchange, log }) {
  /** @type {string} */
  const region = config.region ?? "eu";
  // @ts-expect-error the configuration is the step's
  config.region = "us";
  // @ts-expect-error no such key
  config.regoin;
  request.headers.set("x-region", region);
  request.headers.set("x-count", config.list.length);
  // @ts-expect-error a list is no value
  request.headers.set("x-list", config.list);
  request.method = "POST";
  request.url = new URL("/other?a=1", request.url);
  request.path = "/b";
  request.query.set("c", "d");
  // @ts-expect-error a request has no status
  request.status;
  request.body = JSON.stringify({ a: await request.json() });
  // @ts-expect-error objects are to be written as JSON first
  request.body = { a: 1 };
  // @ts-expect-error the id is the gateway's
  exchange.id = "mine";
  exchange.note("seen", true);
  // @ts-expect-error a note is no object
  exchange.note("seen", {});
  /** @type {string | undefined} */
  const tier = exchange.consumer?.tags.tier;
  log.info("tier", tier);
  // @ts-expect-error there are no timers
  setTimeout(() => {}, 1);
  // @ts-expect-error there is no Node
  process.exit(1);
  const other = await fetch(new Request("https://a.example.com/", { method: "PUT", body: new Uint8Array(2) }));
  // @ts-expect-error redirects are not followed in any case
  await fetch("https://a.example.com/", { redirect: "follow" });
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode("a"));
  // @ts-expect-error no such digest
  await crypto.subtle.digest("MD5", digest);
  const key = await crypto.subtle.importKey("raw", digest, { name: "HMAC", hash: "SHA-512" }, false, ["sign", "verify"]);
  /** @type {boolean} */
  const fits = await crypto.subtle.verify("HMAC", key, digest, digest);
  /** @type {Date} */
  const copy = structuredClone(new Date());
  const id = crypto.randomUUID() + crypto.getRandomValues(new Uint16Array(2)).join() + copy + fits;
  try {
    const response = await next(request);
    response.status = 201;
    response.headers.append("set-cookie", "a=b");
    // @ts-expect-error next takes a request
    await next(response);
    return new Response(response.body, { status: other.status, headers: [["x-id", id]] });
  } catch (error) {
    const failure = /** @type {import("./types/sallyport").UpstreamError} */ (error);
    // @ts-expect-error no such kind
    if (failure.kind === "away") return Response.redirect("/away", 307);
    if (failure.kind === "connect-timeout") return Response.json({ away: true }, { status: 503 });
    // @ts-expect-error a redirect has a status of its own kind
    return Response.redirect("/a", 200);
  }
}

// @ts-expect-error an answer is needed
/** @type {import("./types/sallyport").Handler} */ export const none = () => {};
