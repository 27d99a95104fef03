// What holds a call together: how a script's function is called, how it waits for the gateway, how it logs.
// Evaluated once in each context: a function that takes the gateway's functions and gives those that it calls.
(function (gateway, urlSource, messageSource, webSource, configText) {
  "use strict";
  const { URLSearchParams, URL } = urlSource();
  const LONGEST_COPY = 1 << 23;
  const { next: proceed, finish: finished } = gateway;

  /** What the script waits for, by the number of the question. */
  const waiting = new Map();
  /** The errors that tell a failure of the gateway's, which goes on as it was where no script catches it. */
  const failures = new WeakMap();
  let questions = 0;

  /** A promise of the answer to a question, which `send` asks; `made` makes what the script gets of what the gateway gives. */
  const promised = (send, made) =>
    new Promise((resolve, reject) => {
      const number = ++questions;
      const refused = send(number);
      if (refused === null) waiting.set(number, { resolve, reject, made });
      // Now rather than later, while the stack still shows the line of the script.
      else reject(new TypeError(refused));
    });

  const encode = (text) => new Uint8Array(new ArrayBuffer(gateway.encode(String(text))));
  const decode = (view, fatal = false) => {
    const text = gateway.decode(view.buffer, view.byteOffset, view.byteLength, fatal);
    if (text === null) throw new TypeError("bytes: not a text in UTF-8");
    return text;
  };

  const messages = messageSource({
    ...Object.fromEntries(["empty", "emptyFields", "fields", "sameFields", "copyFields", "field", "hasField", "setField", "addField",
      "removeField", "bodyChanged", "lines", "refusal"].map((name) => [name, gateway[name]])),
    text: (message, made) => promised((number) => gateway.read(number, message, true), made),
    bytes: (message, made) => promised((number) => gateway.read(number, message, false), made),
    encode, decode, url: gateway.url,
  }, { URL, URLSearchParams });
  const { makeRequest, makeResponse, isRequest, isResponse, stateOf, sourceOf, fieldsOf, dataOf } = messages;

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
    const request = new messages.globals.Request(input, init), state = stateOf(request);
    return promised((number) =>
      gateway.fetch(number, state.method, request.url, sourceOf(state), state.kind, dataOf(state), fieldsOf(state)), makeResponse);
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

  const start = (handler, method) => {
    waiting.clear();
    messages.begin();
    const received = makeRequest(0, method);
    let called = false;

    const next = (request = received) => {
      if (called) return Promise.reject(new TypeError("next: called again (expected: once)"));
      if (!isRequest(request)) {
        return Promise.reject(new TypeError(`next: ${messages.show(request)} (expected: a Request)`));
      }
      const state = stateOf(request);
      let target = null;
      if (state.url !== null && request.url !== gateway.url()) {
        const address = new URL(request.url), origin = new URL(gateway.url()).origin;
        if (address.origin !== origin) {
          return Promise.reject(new TypeError(
            `next: ${address.origin} (expected: ${origin}); the upstream is the route's, a script changes path and query`));
        }
        target = address.pathname + address.search;
      }
      try {
        sourceOf(state);
      } catch (error) {
        return Promise.reject(error);
      }
      called = true;
      return new Promise((resolve, reject) => {
        waiting.set(++questions, { resolve, reject, made: makeResponse });
        proceed(questions, state.method, target, sourceOf(state), state.kind, dataOf(state), fieldsOf(state));
      });
    };

    let result;
    try {
      result = handler(received, next, tools);
    } catch (error) {
      fail(error);
      return;
    }
    Promise.resolve(result).then(finish, fail);
  };

  const finish = (response) => {
    if (!isResponse(response)) {
      fail(new TypeError(`the script returned ${messages.show(response)} (expected: a Response)`));
      return;
    }
    const state = stateOf(response);
    try {
      sourceOf(state);
    } catch (error) {
      fail(error);
      return;
    }
    finished(state.status, sourceOf(state), state.kind, dataOf(state), fieldsOf(state));
  };

  const fail = (reason) => {
    const known = typeof reason === "object" && reason !== null ? failures.get(reason) : undefined;
    gateway.fail(reason, known ?? -1);
  };

  /** The status is that of a response, which its number stands for. */
  const answer = (number, value, status) => {
    const { resolve, reject, made } = waiting.get(number);
    waiting.delete(number);
    try {
      resolve(made === null ? value : made(value, status));
    } catch (error) {
      reject(error);
    }
  };

  const refuse = (number, failure, name, message, kind) => {
    const { reject } = waiting.get(number);
    waiting.delete(number);
    const error = name === "TypeError" ? new TypeError(message) : new Error(message);
    if (name !== "TypeError") {
      Object.defineProperty(error, "name", { value: name, writable: true, configurable: true });
    }
    if (kind !== null) error.kind = kind;
    if (failure >= 0) failures.set(error, failure);
    reject(error);
  };

  return { start, answer, refuse, freeze: Object.freeze, hidden: [...messages.hidden, ...crypto.hidden, Exchange.prototype, log, console] };
})
