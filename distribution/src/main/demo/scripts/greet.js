// Greets the consumer in a response header. Edit the text: the next request has it.
export default async function (request, next, { config, exchange }) {
  const response = await next(request);
  response.headers.set("x-greeting", `${config.greeting}, ${exchange.consumer?.name ?? "stranger"}`);
  return response;
}
