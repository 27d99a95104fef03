// @ts-check
/**
 * Lets only those callbacks through whose body the sender has signed: a header carries HMAC-SHA256 of the body in hex, as
 * many services sign what they send to others.
 *
 * config: { secret: string, header?: string }   "x-signature" where it is not given; secret: "${file:/run/secrets/callbacks}"
 *
 * @type {import("./types/sallyport").Handler<{ secret: string, header?: string }>}
 */
export default async function (request, next, { config, exchange }) {
  const text = new TextEncoder();
  const key = await crypto.subtle.importKey("raw", text.encode(config.secret), { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
  const signature = bytes(request.headers.get(config.header ?? "x-signature") ?? "");
  if (signature === null || !(await crypto.subtle.verify("HMAC", key, signature, await request.bytes()))) {
    exchange.note("signature", "refused");
    return Response.json({ title: "The signature does not fit", status: 403 }, {
      status: 403,
      headers: { "content-type": "application/problem+json" },
    });
  }
  return next(request);
}

/** @param {string} hex perhaps after "sha256=" */
const bytes = (hex) => {
  const digits = hex.replace(/^sha256=/, "");
  if (!/^(?:[0-9a-f]{2})+$/i.test(digits)) return null;
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
};
