export default async function (request, next) {
  const response = await next(request);
  response.headers.set("x-last-word", "script");
  return response;
}
