// crypto and structuredClone, after the Web Cryptography API and HTML's standard: digests, HMAC and random values alone.
// Evaluated once in each context: a function that takes the gateway's functions and a maker of named errors.
(function (gateway, named) {
  "use strict";
  const DIGESTS = { "SHA-1": "SHA-1", "SHA-256": "SHA-256", "SHA-384": "SHA-384", "SHA-512": "SHA-512" };
  const HMACS = { "SHA-1": "HmacSHA1", "SHA-256": "HmacSHA256", "SHA-384": "HmacSHA384", "SHA-512": "HmacSHA512" };
  const MOST_RANDOM = 65536;
  const MADE = {};

  const part = (data) => {
    if (data instanceof ArrayBuffer) return [data, 0, data.byteLength];
    if (ArrayBuffer.isView(data)) return [data.buffer, data.byteOffset, data.byteLength];
    throw new TypeError("data: no bytes (expected: an ArrayBuffer or a view of one); new TextEncoder().encode(text) makes them");
  };

  const buffer = (bytes) => new ArrayBuffer(bytes).slice(0);

  const nameOf = (algorithm) => {
    const name = typeof algorithm === "object" && algorithm !== null ? algorithm.name : algorithm;
    return String(name).toUpperCase();
  };

  const known = (table, algorithm) => {
    const name = nameOf(algorithm);
    if (!Object.hasOwn(table, name)) {
      throw named("NotSupportedError", `${name} (expected: ${Object.keys(table).join(", ")})`);
    }
    return table[name];
  };

  let keyParts;
  class CryptoKey {
    #hash;
    #bytes;
    #usages;
    #extractable;

    constructor(made, hash, bytes, extractable, usages) {
      if (made !== MADE) throw new TypeError("CryptoKey: it cannot be made by a script (expected: crypto.subtle.importKey)");
      this.#hash = hash;
      this.#bytes = bytes;
      this.#usages = usages;
      this.#extractable = extractable;
    }

    static {
      keyParts = (key) => {
        if (typeof key !== "object" || key === null || !(#bytes in key)) throw new TypeError("key (expected: a CryptoKey)");
        return { hash: key.#hash, bytes: key.#bytes, usages: key.#usages };
      };
    }

    get type() {
      return "secret";
    }

    get extractable() {
      return this.#extractable;
    }

    get algorithm() {
      return { name: "HMAC", hash: { name: this.#hash }, length: this.#bytes.byteLength * 8 };
    }

    get usages() {
      return [...this.#usages];
    }
  }

  const mac = (algorithm, key, usage, data) => {
    if (nameOf(algorithm) !== "HMAC") throw named("NotSupportedError", `${nameOf(algorithm)} (expected: HMAC)`);
    const { hash, bytes, usages } = keyParts(key);
    if (!usages.includes(usage)) throw named("InvalidAccessError", `the key is not for ${usage}`);
    return gateway.hmac(HMACS[hash], ...part(bytes), ...part(data));
  };

  const subtle = {
    async digest(algorithm, data) {
      return buffer(gateway.digest(known(DIGESTS, algorithm), ...part(data)));
    },

    async importKey(format, data, algorithm, extractable, usages) {
      if (format !== "raw") throw named("NotSupportedError", `${String(format)} (expected: raw)`);
      if (nameOf(algorithm) !== "HMAC") throw named("NotSupportedError", `${nameOf(algorithm)} (expected: HMAC)`);
      known(HMACS, algorithm.hash);
      const [from, offset, length] = part(data);
      if (length === 0) throw named("DataError", "the key is empty");
      return new CryptoKey(
        MADE, nameOf(algorithm.hash), from.slice(offset, offset + length), Boolean(extractable), Array.from(usages, String));
    },

    async sign(algorithm, key, data) {
      return buffer(mac(algorithm, key, "sign", data));
    },

    async verify(algorithm, key, signature, data) {
      const expected = buffer(mac(algorithm, key, "verify", data));
      return gateway.same(...part(signature), ...part(expected));
    },
  };

  const crypto = {
    subtle,

    randomUUID() {
      return gateway.uuid();
    },

    getRandomValues(view) {
      if (!ArrayBuffer.isView(view) || view instanceof DataView || view instanceof Float32Array || view instanceof Float64Array) {
        throw named("TypeMismatchError", "view (expected: an array of whole numbers)");
      }
      if (view.byteLength > MOST_RANDOM) throw named("QuotaExceededError", `more than ${MOST_RANDOM} bytes`);
      new Uint8Array(view.buffer, view.byteOffset, view.byteLength).set(new Uint8Array(new ArrayBuffer(gateway.random(view.byteLength))));
      return view;
    },
  };

  const ERRORS = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

  const structuredClone = (value) => {
    const seen = new Map();
    const clone = (from) => {
      if (typeof from === "function" || typeof from === "symbol") {
        throw named("DataCloneError", `${typeof from} (expected: data)`);
      }
      if (typeof from !== "object" || from === null) return from;
      if (seen.has(from)) return seen.get(from);
      const keep = (to) => {
        seen.set(from, to);
        return to;
      };
      if (Array.isArray(from)) {
        const to = keep(new Array(from.length));
        for (const key of Object.keys(from)) to[key] = clone(from[key]);
        return to;
      }
      if (from instanceof Date) return keep(new Date(from.getTime()));
      if (from instanceof RegExp) return keep(new RegExp(from.source, from.flags));
      if (from instanceof Map) {
        const to = keep(new Map());
        for (const [key, one] of from) to.set(clone(key), clone(one));
        return to;
      }
      if (from instanceof Set) {
        const to = keep(new Set());
        for (const one of from) to.add(clone(one));
        return to;
      }
      if (from instanceof ArrayBuffer) return keep(from.slice(0));
      if (ArrayBuffer.isView(from)) {
        const copy = clone(from.buffer);
        const length = from instanceof DataView ? from.byteLength : from.length;
        return keep(new from.constructor(copy, from.byteOffset, length));
      }
      if (from instanceof Error) {
        const to = keep(new (ERRORS[from.name] ?? Error)(from.message));
        if (Object.hasOwn(from, "cause")) Object.defineProperty(to, "cause", { value: clone(from.cause), writable: true, configurable: true });
        return to;
      }
      if (from instanceof Number || from instanceof String || from instanceof Boolean) return keep(Object(from.valueOf()));
      const prototype = Object.getPrototypeOf(from);
      const tag = Object.prototype.toString.call(from);
      if (tag !== "[object Object]" && prototype !== null) throw named("DataCloneError", `${tag} (expected: data)`);
      const to = keep({});
      for (const key of Object.keys(from)) {
        Object.defineProperty(to, key, { value: clone(from[key]), writable: true, enumerable: true, configurable: true });
      }
      return to;
    };
    return clone(value);
  };

  return { crypto: { crypto, hidden: [CryptoKey.prototype, subtle] }, structuredClone };
})
