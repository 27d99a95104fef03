// The objects that a script works with: Headers, Request, Response. Evaluated once in each context, as an expression:
// a function that takes what the gateway offers and gives what the gateway calls. `host` never gets out to a script.
(function (host, urls) {
  "use strict";
  const { URL, URLSearchParams } = urls;
  const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
  const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
  // How the content of a message is given to the gateway; the same numbers stand in Content.java.
  const UNCHANGED = 0, EMPTY = 1, TEXT = 2, BYTES = 3, STREAM = 4;
  const NONE = -1;
  const MADE = {};

  const show = (value) => {
    try {
      return typeof value === "string" ? JSON.stringify(value) : String(value);
    } catch {
      return typeof value;
    }
  };

  const fieldName = (name) => {
    name = String(name);
    if (!NAME.test(name)) throw new TypeError(`header name: ${show(name)} (expected: a token)`);
    return name;
  };

  const fieldValue = (name, value) => {
    value = String(value).replace(/^[\t\r\n ]+|[\t\r\n ]+$/g, "");
    if (!VALUE.test(value)) throw new TypeError(`value of header ${name}: ${show(value)} (expected: visible characters)`);
    return value;
  };

  let fieldsOf, isChanged, lazyHeaders, copyHeaders;

  class Headers {
    /** Name, value, name, value, …; null until somebody looks. */
    #fields = null;
    #source = NONE;
    #changed = false;

    constructor(init) {
      this.#fields = [];
      this.#changed = true;
      if (init === undefined || init === null) return;
      if (typeof init !== "object") throw new TypeError(`headers: ${show(init)} (expected: an object, Headers or a list of pairs)`);
      if (#fields in init) {
        this.#fields = init.#list().slice();
      } else if (typeof init[Symbol.iterator] === "function") {
        for (const [name, value] of init) this.append(name, value);
      } else {
        for (const name of Object.keys(init)) this.append(name, init[name]);
      }
    }

    static {
      lazyHeaders = (source) => {
        const headers = new Headers();
        headers.#fields = null;
        headers.#source = source;
        headers.#changed = false;
        return headers;
      };
      fieldsOf = (headers) => headers.#list().join("\n");
      isChanged = (headers) => headers.#changed;
      copyHeaders = (headers) => {
        if (headers.#changed) return new Headers(headers);
        return lazyHeaders(headers.#source);
      };
    }

    #list() {
      if (this.#fields === null) {
        const text = host.headers(this.#source);
        this.#fields = text === "" ? [] : text.split("\n");
      }
      return this.#fields;
    }

    get(name) {
      const wanted = fieldName(name).toLowerCase(), list = this.#list();
      let found = null;
      for (let i = 0; i < list.length; i += 2) {
        if (list[i].toLowerCase() === wanted) found = found === null ? list[i + 1] : found + ", " + list[i + 1];
      }
      return found;
    }

    getSetCookie() {
      const list = this.#list(), found = [];
      for (let i = 0; i < list.length; i += 2) if (list[i].toLowerCase() === "set-cookie") found.push(list[i + 1]);
      return found;
    }

    has(name) {
      const wanted = fieldName(name).toLowerCase(), list = this.#list();
      for (let i = 0; i < list.length; i += 2) if (list[i].toLowerCase() === wanted) return true;
      return false;
    }

    set(name, value) {
      name = fieldName(name);
      value = fieldValue(name, value);
      const wanted = name.toLowerCase(), list = this.#list(), kept = [];
      let done = false;
      for (let i = 0; i < list.length; i += 2) {
        if (list[i].toLowerCase() !== wanted) {
          kept.push(list[i], list[i + 1]);
        } else if (!done) {
          kept.push(name, value);
          done = true;
        }
      }
      if (!done) kept.push(name, value);
      this.#fields = kept;
      this.#changed = true;
    }

    append(name, value) {
      name = fieldName(name);
      value = fieldValue(name, value);
      this.#list().push(name, value);
      this.#changed = true;
    }

    delete(name) {
      const wanted = fieldName(name).toLowerCase(), list = this.#list(), kept = [];
      for (let i = 0; i < list.length; i += 2) if (list[i].toLowerCase() !== wanted) kept.push(list[i], list[i + 1]);
      if (kept.length !== list.length) {
        this.#fields = kept;
        this.#changed = true;
      }
    }

    forEach(callback, self) {
      for (const [name, value] of this) callback.call(self, value, name, this);
    }

    /** Sorted and combined, as the Fetch standard has it: set-cookie alone stays apart. */
    *entries() {
      const list = this.#list(), combined = new Map(), cookies = [];
      for (let i = 0; i < list.length; i += 2) {
        const name = list[i].toLowerCase();
        if (name === "set-cookie") cookies.push(list[i + 1]);
        else combined.set(name, combined.has(name) ? combined.get(name) + ", " + list[i + 1] : list[i + 1]);
      }
      const names = [...combined.keys()];
      if (cookies.length > 0) names.push("set-cookie");
      for (const name of names.sort()) {
        if (name === "set-cookie") for (const cookie of cookies) yield [name, cookie];
        else yield [name, combined.get(name)];
      }
    }

    *keys() {
      for (const entry of this.entries()) yield entry[0];
    }

    *values() {
      for (const entry of this.entries()) yield entry[1];
    }

    [Symbol.iterator]() {
      return this.entries();
    }

    get [Symbol.toStringTag]() {
      return "Headers";
    }
  }

  /** The bytes of a message as they flow: a script can hand them on, and only reads them through the message. */
  let streamSource, makeStream;
  class BodyStream {
    #source;

    constructor(made, source) {
      if (made !== MADE) throw new TypeError("BodyStream: it cannot be made by a script");
      this.#source = source;
    }

    static {
      makeStream = (source) => new BodyStream(MADE, source);
      streamSource = (value) => (typeof value === "object" && value !== null && #source in value ? value.#source : NONE);
    }
  }

  /** [kind, data, type]: what a script gave as a body, and the content-type that goes with it. */
  const content = (body) => {
    if (body === null || body === undefined) return [EMPTY, null, null];
    if (typeof body === "string") return [TEXT, body, "text/plain;charset=UTF-8"];
    if (streamSource(body) !== NONE) return [STREAM, streamSource(body), null];
    if (body instanceof URLSearchParams) return [TEXT, body.toString(), "application/x-www-form-urlencoded;charset=UTF-8"];
    if (body instanceof ArrayBuffer) return [BYTES, new Uint8Array(body.slice(0)), null];
    if (ArrayBuffer.isView(body)) {
      return [BYTES, new Uint8Array(body.buffer.slice(body.byteOffset, body.byteOffset + body.byteLength)), null];
    }
    if (typeof body === "number" || typeof body === "boolean") return [TEXT, String(body), "text/plain;charset=UTF-8"];
    throw new TypeError("body: an object (expected: a string, bytes, URLSearchParams or null); JSON.stringify it first");
  };

  let parts;
  class Message {
    #source = NONE;
    #kind = EMPTY;
    #data = null;
    #headers;

    constructor(made, source, headers, kind, data) {
      if (made !== MADE) throw new TypeError("not for scripts");
      this.#source = source;
      this.#headers = headers;
      this.#kind = kind;
      this.#data = data;
    }

    static {
      parts = (message) => ({
        source: message.#source, kind: message.#kind, data: message.#data, headers: message.#headers,
      });
    }

    get headers() {
      return this.#headers;
    }

    get body() {
      switch (this.#kind) {
        case UNCHANGED: return host.empty(this.#source) ? null : makeStream(this.#source);
        case STREAM: return makeStream(this.#data);
        case TEXT: case BYTES: return this.#data;
        default: return null;
      }
    }

    set body(body) {
      const [kind, data] = content(body);
      this.#kind = kind;
      this.#data = data;
      // What these said was true of the old bytes.
      this.#headers.delete("content-encoding");
      this.#headers.delete("content-length");
    }

    /** A message can be read again and again here, so a read never uses it up. */
    get bodyUsed() {
      return false;
    }

    async text() {
      switch (this.#kind) {
        case UNCHANGED: return host.ask("text", this.#source);
        case STREAM: return host.ask("text", this.#data);
        case TEXT: return this.#data;
        case BYTES: return host.decode(this.#data);
        default: return "";
      }
    }

    async json() {
      return JSON.parse(await this.text());
    }

    async bytes() {
      switch (this.#kind) {
        case UNCHANGED: return host.ask("bytes", this.#source);
        case STREAM: return host.ask("bytes", this.#data);
        case TEXT: return host.encode(this.#data);
        case BYTES: return this.#data.slice();
        default: return new Uint8Array(0);
      }
    }

    async arrayBuffer() {
      return (await this.bytes()).buffer;
    }
  }

  let requestParts, makeRequest, isRequest;
  class Request extends Message {
    #method;
    #url;
    #parsed = null;
    /** The parsed URL as it was at first: as long as it stays so, the URL is told as it came. */
    #seen = "";

    constructor(input, init = {}, made, source) {
      if (made === MADE) {
        super(MADE, source, lazyHeaders(source), UNCHANGED, null);
        this.#method = input;
        this.#url = init;
        return;
      }
      const from = isRequest(input) ? input : null;
      const headers = init.headers !== undefined ? new Headers(init.headers) : from ? copyHeaders(from.headers) : new Headers();
      let kind = EMPTY, data = null, source_ = NONE;
      if (init.body !== undefined) {
        let type;
        [kind, data, type] = content(init.body);
        if (type !== null && !headers.has("content-type")) headers.set("content-type", type);
        if (from && init.headers === undefined) {
          headers.delete("content-encoding");
          headers.delete("content-length");
        }
      } else if (from) {
        ({ kind, data } = parts(from));
      }
      if (from) source_ = parts(from).source;
      super(MADE, source_, headers, kind, data);
      this.#method = init.method === undefined ? (from ? from.#method : "GET") : method(init.method);
      this.#url = from ? from.url : new URL(String(input), host.base()).href;
    }

    static {
      makeRequest = (source, method, url) => new Request(method, url, MADE, source);
      isRequest = (value) => typeof value === "object" && value !== null && #method in value;
      requestParts = (request) => ({ method: request.#method, url: request.url });
    }

    #address() {
      if (this.#parsed === null) {
        this.#parsed = new URL(this.#url);
        this.#seen = this.#parsed.href;
      }
      return this.#parsed;
    }

    get method() {
      return this.#method;
    }

    set method(value) {
      this.#method = method(value);
    }

    get url() {
      if (this.#parsed === null) return this.#url;
      const href = this.#parsed.href;
      return href === this.#seen ? this.#url : href;
    }

    set url(value) {
      this.#url = new URL(String(value), this.url).href;
      this.#parsed = null;
    }

    get path() {
      return this.#address().pathname;
    }

    set path(value) {
      this.#address().pathname = value;
    }

    /** Live: a change of it changes the URL. */
    get query() {
      return this.#address().searchParams;
    }

    clone() {
      return new Request(this);
    }

    get [Symbol.toStringTag]() {
      return "Request";
    }
  }

  const method = (value) => {
    value = String(value);
    if (!NAME.test(value)) throw new TypeError(`method: ${show(value)} (expected: a token)`);
    return /^(?:delete|get|head|options|post|put)$/i.test(value) ? value.toUpperCase() : value;
  };

  const status = (value) => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < 200 || number > 599) {
      throw new RangeError(`status: ${show(value)} (expected: 200 to 599)`);
    }
    return number;
  };

  let responseParts, makeResponse, isResponse;
  class Response extends Message {
    #status = 200;

    constructor(body, init = {}, made, source, code) {
      if (made === MADE) {
        super(MADE, source, lazyHeaders(source), UNCHANGED, null);
        this.#status = code;
        return;
      }
      const headers = isResponse(init) ? new Headers(init.headers) : new Headers(init?.headers);
      const [kind, data, type] = content(body);
      if (kind !== STREAM) {
        headers.delete("content-encoding");
        headers.delete("content-length");
      }
      if (type !== null && !headers.has("content-type")) headers.set("content-type", type);
      super(MADE, NONE, headers, kind, data);
      if (init?.status !== undefined) this.#status = status(init.status);
    }

    static {
      makeResponse = (source, code) => new Response(null, {}, MADE, source, code);
      isResponse = (value) => typeof value === "object" && value !== null && #status in value;
      responseParts = (response) => ({ status: response.#status });
    }

    static json(value, init = {}) {
      const text = JSON.stringify(value);
      if (text === undefined) throw new TypeError("Response.json: the value has no JSON form");
      const response = new Response(text, init);
      if (!new Headers(init?.headers).has("content-type")) response.headers.set("content-type", "application/json");
      return response;
    }

    static redirect(url, code = 302) {
      if (![301, 302, 303, 307, 308].includes(code)) {
        throw new RangeError(`status: ${show(code)} (expected: 301, 302, 303, 307 or 308)`);
      }
      return new Response(null, { status: code, headers: { location: new URL(String(url), host.base()).href } });
    }

    get status() {
      return this.#status;
    }

    set status(value) {
      this.#status = status(value);
    }

    get ok() {
      return this.#status >= 200 && this.#status <= 299;
    }

    get statusText() {
      return "";
    }

    clone() {
      const { source, kind, data } = parts(this);
      const body = kind === UNCHANGED ? makeStream(source) : kind === STREAM ? makeStream(data) : data;
      const copy = new Response(body, { status: this.#status, headers: this.headers });
      return copy;
    }

    get [Symbol.toStringTag]() {
      return "Response";
    }
  }

  /** What the gateway needs to make its own value: only what was changed is said. */
  const told = (message) => {
    const { source, kind, data, headers } = parts(message);
    return { source, kind, data, headers: isChanged(headers) ? fieldsOf(headers) : null };
  };

  return {
    globals: { Headers, Request, Response },
    hidden: [Message.prototype, BodyStream.prototype],
    makeRequest, makeResponse, isRequest, isResponse, requestParts, responseParts, told, show,
  };
})
