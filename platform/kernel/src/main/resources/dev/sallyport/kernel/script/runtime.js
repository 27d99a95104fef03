// What holds a call together: how a script's function is called, how it waits for the gateway, how it logs.
// Evaluated once in each context: a function that takes the gateway's functions and gives those that it calls.
(function (gateway, urlSource, messageSource, webSource, configText) {
  "use strict";
  const { URLSearchParams, URL } = urlSource();
  const LONGEST_COPY = 1 << 23;

  /** What the script waits for: number of the question -> [resolve, reject]. */
  const waiting = new Map();
  /** The errors that tell a failure of the gateway's, which goes on as it was where no script catches it. */
  const failures = new WeakMap();
  let questions = 0;
  let base = "http://localhost/";

  const ask = (...question) =>
    new Promise((resolve, reject) => {
      const number = ++questions;
      waiting.set(number, [resolve, reject]);
      const refused = gateway.ask(number, ...question);
      if (refused !== null) {
        // Now rather than later, while the stack still shows the line of the script.
        waiting.delete(number);
        reject(new TypeError(refused));
      }
    });

  const encode = (text) => new Uint8Array(new ArrayBuffer(gateway.encode(String(text))));
  const decode = (view, fatal = false) => {
    const text = gateway.decode(view.buffer, view.byteOffset, view.byteLength, fatal);
    if (text === null) throw new TypeError("bytes: not a text in UTF-8");
    return text;
  };

  const messages = messageSource(
    { headers: gateway.headers, empty: gateway.empty, ask, encode, decode, base: () => base }, { URL, URLSearchParams });

  const named = (name, message) =>
    Object.defineProperty(new Error(message), "name", { value: name, writable: true, configurable: true });

  const { crypto, structuredClone } = webSource(gateway, named);

  class TextEncoder {
    get encoding() {
      return "utf-8";
    }

    encode(text = "") {
      return encode(text);
    }
  }

  class TextDecoder {
    #fatal;

    constructor(label = "utf-8", { fatal = false } = {}) {
      if (!/^(?:utf-?8|unicode-1-1-utf-8)$/i.test(String(label))) throw new RangeError(`encoding: ${label} (expected: utf-8)`);
      this.#fatal = Boolean(fatal);
    }

    get encoding() {
      return "utf-8";
    }

    get fatal() {
      return this.#fatal;
    }

    decode(input) {
      if (input === undefined) return "";
      return decode(input instanceof ArrayBuffer ? new Uint8Array(input) : input, this.#fatal);
    }
  }

  const atob = (text) => {
    const decoded = gateway.atob(String(text));
    if (decoded === null) throw new TypeError("atob: not Base64");
    return decoded;
  };
  const btoa = (text) => {
    const encoded = gateway.btoa(String(text));
    if (encoded === null) throw new TypeError("btoa: a character above U+00FF; encode the text first");
    return encoded;
  };

  const fetch = async (input, init) => {
    const request = new messages.globals.Request(input, init);
    const { method, url } = messages.requestParts(request);
    const { source, kind, data, headers } = messages.told(request);
    const number = await ask("fetch", method, url, source, kind, ...bytes(data), headers);
    return messages.makeResponse(number, gateway.status(number));
  };

  const written = (value) => {
    if (typeof value === "string") return value;
    if (value instanceof Error) return String(value.stack ?? value);
    if (typeof value === "object" && value !== null) {
      try {
        return JSON.stringify(value) ?? String(value);
      } catch {
        return String(value);
      }
    }
    return String(value);
  };
  const logger = (level) => (...values) => gateway.log(level, values.map(written).join(" "));
  const log = { debug: logger("debug"), info: logger("info"), warn: logger("warn"), error: logger("error") };
  const console = { ...log, log: log.info, trace: log.debug };

  class Exchange {
    get id() {
      return gateway.fact("id");
    }

    get route() {
      return gateway.fact("route");
    }

    get parameters() {
      return JSON.parse(gateway.fact("parameters"));
    }

    get client() {
      return gateway.fact("client");
    }

    get scheme() {
      return gateway.fact("scheme");
    }

    get protocol() {
      return gateway.fact("protocol");
    }

    get consumer() {
      return JSON.parse(gateway.fact("consumer"));
    }

    elapsedMillis() {
      return gateway.elapsed();
    }

    note(name, value) {
      gateway.note(String(name), typeof value === "number" || typeof value === "boolean" ? value : written(value));
    }
  }

  const frozen = (value) => {
    if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
    return value;
  };
  const tools = Object.freeze({ config: frozen(JSON.parse(configText)), exchange: Object.freeze(new Exchange()), log });

  for (const [name, value] of Object.entries({
    ...messages.globals, URL, URLSearchParams, TextEncoder, TextDecoder, atob, btoa, console, fetch, structuredClone,
    crypto: crypto.crypto,
  })) {
    Object.defineProperty(globalThis, name, { value, writable: true, enumerable: false, configurable: true });
  }
  // It asks nothing whether it is to end, and would fill the heap with what a length alone says.
  const { from } = Array;
  const bounded = {
    from(items, ...more) {
      if (items?.[Symbol.iterator] === undefined && items?.length > LONGEST_COPY) throw new RangeError("Invalid array length");
      return Reflect.apply(from, this, [items, ...more]);
    },
  };
  Object.defineProperty(Array, "from", { value: bounded.from, writable: true, enumerable: false, configurable: true });
  // They allocate for an array's whole length at once, also where it is empty.
  for (const name of ["toSorted", "toReversed", "toSpliced", "with"]) {
    const native = Array.prototype[name];
    const own = {
      [name](...values) {
        if (this.length > LONGEST_COPY) throw new RangeError("Invalid array length");
        return Reflect.apply(native, this, values);
      },
    };
    Object.defineProperty(Array.prototype, name, { value: own[name], writable: true, enumerable: false, configurable: true });
  }
  // These reach over the bounds of one call, or block a thread.
  for (const name of ["SharedArrayBuffer", "Atomics", "FinalizationRegistry", "arguments"]) delete globalThis[name];

  const start = (handler, method, url) => {
    waiting.clear();
    base = url;
    const received = messages.makeRequest(0, method, url);
    let called = false;

    const next = (request = received) => {
      if (called) return Promise.reject(new TypeError("next: called again (expected: once)"));
      if (!messages.isRequest(request)) {
        return Promise.reject(new TypeError(`next: ${messages.show(request)} (expected: a Request)`));
      }
      const { method, url: wanted } = messages.requestParts(request);
      let target = null;
      if (wanted !== url) {
        const address = new URL(wanted), origin = new URL(url).origin;
        if (address.origin !== origin) {
          return Promise.reject(new TypeError(
            `next: ${address.origin} (expected: ${origin}); the upstream is the route's, a script changes path and query`));
        }
        target = address.pathname + address.search;
      }
      called = true;
      const { source, kind, data, headers } = messages.told(request);
      return ask("next", method, target, source, kind, ...bytes(data), headers)
        .then((number) => messages.makeResponse(number, gateway.status(number)));
    };

    (async () => handler(received, next, tools))().then(finish, fail);
  };

  const bytes = (data) => (data instanceof Uint8Array ? [data.buffer, data.byteOffset, data.byteLength] : [data, 0, 0]);

  const finish = (response) => {
    if (!messages.isResponse(response)) {
      fail(new TypeError(`the script returned ${messages.show(response)} (expected: a Response)`));
      return;
    }
    const { source, kind, data, headers } = messages.told(response);
    gateway.finish(messages.responseParts(response).status, source, kind, ...bytes(data), headers);
  };

  const fail = (reason) => {
    const known = typeof reason === "object" && reason !== null ? failures.get(reason) : undefined;
    gateway.fail(reason, known ?? -1);
  };

  const answer = (number, value) => {
    const [resolve] = waiting.get(number);
    waiting.delete(number);
    resolve(typeof value === "object" && value !== null ? new Uint8Array(new ArrayBuffer(value)) : value);
  };

  const refuse = (number, failure, name, message, kind) => {
    const [, reject] = waiting.get(number);
    waiting.delete(number);
    const error = name === "TypeError" ? new TypeError(message) : new Error(message);
    if (name !== "TypeError") {
      Object.defineProperty(error, "name", { value: name, writable: true, configurable: true });
    }
    if (kind !== null) error.kind = kind;
    if (failure >= 0) failures.set(error, failure);
    reject(error);
  };

  return { start, answer, refuse, hidden: [...messages.hidden, ...crypto.hidden, Exchange.prototype, log, console] };
})
