// @ts-check
/**
 * Puts what another service knows into an answer: how many of an article are in stock, asked beside the upstream. Where
 * that service fails, the answer goes out without it.
 *
 * config: { stock: string }   the service's URL, which the step's `fetch:` has to name as well
 *
 * @type {import("./types/sallyport").Handler<{ stock: string }>}
 */
export default async function (request, next, { config, exchange, log }) {
  const asked = fetch(`${config.stock}/articles/${encodeURIComponent(exchange.parameters.id ?? "")}`)
    .then((answer) => (answer.ok ? answer.json() : null))
    .catch((error) => {
      log.warn("no stock:", error.message);
      return null;
    });
  const [response, stock] = await Promise.all([next(request), asked]);
  if (response.ok && stock !== null) {
    const article = await response.json();
    response.body = JSON.stringify({ ...article, inStock: stock.count });
  }
  return response;
}
