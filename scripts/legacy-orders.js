// @ts-check
/**
 * Lets clients of an old API work with a new one: /v1/order?id=7 becomes /v2/orders/7, a form becomes JSON, and the
 * new answer gets the old shape.
 *
 * @type {import("./types/sallyport").Handler}
 */
export default async function (request, next) {
  const id = request.query.get("id");
  request.query.delete("id");
  request.path = id === null ? "/v2/orders" : `/v2/orders/${encodeURIComponent(id)}`;
  if (request.headers.get("content-type")?.startsWith("application/x-www-form-urlencoded")) {
    request.body = JSON.stringify(Object.fromEntries(new URLSearchParams(await request.text())));
    request.headers.set("content-type", "application/json");
  }
  const response = await next(request);
  if (!response.ok) return response;
  const order = await response.json();
  return Response.json(
    { ORDER_ID: order.id, STATE: order.status?.toUpperCase(), TOTAL: (order.totalCents / 100).toFixed(2) },
    { headers: { deprecation: "@1767225600", link: '</v2/orders>; rel="successor-version"' } },
  );
}
