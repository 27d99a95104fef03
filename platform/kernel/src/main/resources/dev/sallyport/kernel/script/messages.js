// The objects that a script works with: Headers, Request, Response. Evaluated once in each context, as an expression:
// a function that takes what the gateway offers and gives what the gateway calls. `host` never gets out to a script.
//
// What each call goes through has no `return` but at the end of a function: the engine, where it interprets, throws
// something of its own for any other one, which costs as much as the rest of a small function.
(function (host, urls) {
  "use strict";
  const { URL, URLSearchParams } = urls;
  const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
  // What has become of a body; the same numbers stand in Told.java.
  const UNCHANGED = 0, EMPTY = 1, TEXT = 2, BYTES = 3, STREAM = 4;
  const NONE = -1;
  const REQUEST = 1, RESPONSE = 2;
  /** What the gateway gives in the place of an answer where it refuses; it says why when it is asked. */
  const REFUSED = -1;
  const MADE = {};
  const { emptyFields, fields, sameFields, copyFields, field, hasField, setField, addField, removeField, bodyChanged } = host;

  const show = (value) => {
    try {
      return typeof value === "string" ? JSON.stringify(value) : String(value);
    } catch {
      return typeof value;
    }
  };

  const granted = (answer) => {
    if (answer === REFUSED) throw new TypeError(host.refusal());
    return answer;
  };

  /** Counts the calls of this context: a message that a script kept over the end of its call has lost what it stood for. */
  let call = 0;
  const sourceOf = (state) => {
    if (state.source !== NONE && state.call !== call) throw new TypeError("message: of a call that has ended");
    return state.source;
  };

  let fieldsOf;

  class Headers {
    /** The gateway's own object: names and values stay there. */
    #fields;

    constructor(init, of) {
      if (init === MADE) {
        this.#fields = of;
      } else if (init === undefined || init === null) {
        this.#fields = emptyFields();
      } else if (typeof init !== "object") {
        throw new TypeError(`headers: ${show(init)} (expected: an object, Headers or a list of pairs)`);
      } else if (#fields in init) {
        this.#fields = copyFields(init.#fields);
      } else {
        this.#fields = emptyFields();
        if (typeof init[Symbol.iterator] === "function") {
          for (const [name, value] of init) this.append(name, value);
        } else {
          for (const name of Object.keys(init)) this.append(name, init[name]);
        }
      }
    }

    static {
      fieldsOf = (headers) => headers.#fields;
    }

    get(name) {
      return granted(field(this.#fields, String(name)));
    }

    getSetCookie() {
      return this.#lines("set-cookie");
    }

    has(name) {
      return granted(hasField(this.#fields, String(name)));
    }

    set(name, value) {
      granted(setField(this.#fields, String(name), String(value)));
    }

    append(name, value) {
      granted(addField(this.#fields, String(name), String(value)));
    }

    delete(name) {
      granted(removeField(this.#fields, String(name)));
    }

    forEach(callback, self) {
      for (const [name, value] of this) callback.call(self, value, name, this);
    }

    /** Sorted and combined, as the Fetch standard has it: set-cookie alone stays apart. */
    *entries() {
      const list = this.#lines(null);
      for (let i = 0; i < list.length; i += 2) yield [list[i], list[i + 1]];
    }

    *keys() {
      const list = this.#lines(null);
      for (let i = 0; i < list.length; i += 2) yield list[i];
    }

    *values() {
      const list = this.#lines(null);
      for (let i = 1; i < list.length; i += 2) yield list[i];
    }

    #lines(name) {
      const text = host.lines(this.#fields, name);
      return text === null ? [] : text.split("\n");
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
    #call = call;

    constructor(made, source) {
      if (made !== MADE) throw new TypeError("BodyStream: it cannot be made by a script");
      this.#source = source;
    }

    static {
      makeStream = (source) => new BodyStream(MADE, source);
      streamSource = (value) => {
        if (typeof value !== "object" || value === null || !(#source in value)) return NONE;
        if (value.#call !== call) throw new TypeError("body: of a call that has ended");
        return value.#source;
      };
    }
  }

  /** What a script gave as a body, and the content-type that goes with it. */
  const content = (body) => {
    if (body === null || body === undefined) return { kind: EMPTY, data: null, type: null };
    if (typeof body === "string") return { kind: TEXT, data: body, type: "text/plain;charset=UTF-8" };
    if (streamSource(body) !== NONE) return { kind: STREAM, data: streamSource(body), type: null };
    if (body instanceof URLSearchParams) {
      return { kind: TEXT, data: body.toString(), type: "application/x-www-form-urlencoded;charset=UTF-8" };
    }
    if (body instanceof ArrayBuffer) return { kind: BYTES, data: new Uint8Array(body.slice(0)), type: null };
    if (ArrayBuffer.isView(body)) {
      const copy = body.buffer.slice(body.byteOffset, body.byteOffset + body.byteLength);
      return { kind: BYTES, data: new Uint8Array(copy), type: null };
    }
    if (typeof body === "number" || typeof body === "boolean") {
      return { kind: TEXT, data: String(body), type: "text/plain;charset=UTF-8" };
    }
    throw new TypeError("body: an object (expected: a string, bytes, URLSearchParams or null); JSON.stringify it first");
  };

  /** What a message is: where it comes from, its body, its headers; of those null until somebody looks. */
  let stateOf, isOf;
  class Message {
    #state;

    constructor(made, state) {
      if (made !== MADE) throw new TypeError("not for scripts");
      this.#state = state;
    }

    static {
      stateOf = (message) => message.#state;
      // A private field more of each kind would cost a tenth of a small script's call.
      isOf = (type, value) => typeof value === "object" && value !== null && #state in value && value.#state.type === type;
    }

    get headers() {
      const state = this.#state;
      if (state.headers === null) state.headers = new Headers(MADE, fields(sourceOf(state)));
      return state.headers;
    }

    get body() {
      const state = this.#state, { source, kind, data } = state;
      switch (kind) {
        case UNCHANGED: return host.empty(sourceOf(state)) ? null : makeStream(source);
        case STREAM: return makeStream(data);
        case TEXT: case BYTES: return data;
        default: return null;
      }
    }

    set body(body) {
      const { kind, data } = content(body), state = this.#state;
      state.kind = kind;
      state.data = data;
      // What content-encoding and content-length said was true of the old bytes.
      if (kind !== STREAM) bodyChanged(fieldsOf(this.headers));
    }

    /** A message can be read again and again here, so a read never uses it up. */
    get bodyUsed() {
      return false;
    }

    text() {
      return this.#read(host.text, null, (text) => text, host.decode);
    }

    json() {
      return this.#read(host.text, JSON.parse, JSON.parse, (bytes) => JSON.parse(host.decode(bytes)));
    }

    bytes() {
      return this.#read(host.bytes, view, host.encode, (bytes) => bytes.slice());
    }

    async arrayBuffer() {
      return (await this.bytes()).buffer;
    }

    #read(ask, made, ofText, ofBytes) {
      const state = this.#state, { kind, data } = state;
      switch (kind) {
        case UNCHANGED: return ask(sourceOf(state), made);
        case STREAM: return ask(data, made);
        case BYTES: return new Promise((resolve) => resolve(ofBytes(data)));
        default: return new Promise((resolve) => resolve(ofText(kind === TEXT ? data : "")));
      }
    }
  }

  const view = (buffer) => new Uint8Array(new ArrayBuffer(buffer));

  let makeRequest, isRequest;
  class Request extends Message {
    constructor(input, init = {}) {
      if (input === MADE) {
        super(MADE, init);
      } else {
        const from = isRequest(input) ? stateOf(input) : null;
        const state = {
          type: REQUEST, call, source: NONE, kind: EMPTY, data: null, headers: null,
          method: "GET", url: "",
          // The URL as an object, once somebody looks; as long as it stays what it was at first, the URL is told as it came.
          // That of the request that came is null until then.
          parsed: null, seen: "",
        };
        if (init.headers !== undefined) state.headers = new Headers(init.headers);
        else if (from === null) state.headers = new Headers();
        else if (from.headers !== null) state.headers = new Headers(MADE, sameFields(fieldsOf(from.headers)));
        if (from !== null) {
          state.source = sourceOf(from);
          state.kind = from.kind;
          state.data = from.data;
          state.method = from.method;
          state.url = input.url;
        } else {
          state.url = new URL(String(input), host.url()).href;
        }
        super(MADE, state);
        if (init.method !== undefined) state.method = method(init.method);
        if (init.body !== undefined) {
          const { kind, data, type } = content(init.body);
          state.kind = kind;
          state.data = data;
          if (type !== null && !this.headers.has("content-type")) this.headers.set("content-type", type);
          if (from !== null && init.headers === undefined && kind !== STREAM) bodyChanged(fieldsOf(this.headers));
        }
      }
    }

    static {
      makeRequest = (source, method) => new Request(MADE, {
        type: REQUEST, call, source, kind: UNCHANGED, data: null, headers: null, method, url: null, parsed: null, seen: "",
      });
      isRequest = (value) => isOf(REQUEST, value);
    }

    #address() {
      const state = stateOf(this);
      if (state.parsed === null) {
        state.parsed = new URL(this.url);
        state.seen = state.parsed.href;
      }
      return state.parsed;
    }

    get method() {
      return stateOf(this).method;
    }

    set method(value) {
      stateOf(this).method = method(value);
    }

    get url() {
      const state = stateOf(this);
      if (state.url === null) {
        sourceOf(state);
        state.url = host.url();
      }
      if (state.parsed === null) return state.url;
      const href = state.parsed.href;
      return href === state.seen ? state.url : href;
    }

    set url(value) {
      const state = stateOf(this);
      state.url = new URL(String(value), this.url).href;
      state.parsed = null;
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

  let makeResponse, isResponse;
  class Response extends Message {
    constructor(body, init = {}) {
      if (body === MADE) {
        super(MADE, init);
      } else {
        const { kind, data, type } = content(body);
        const given = isResponse(init) ? init.headers : init?.headers;
        const headers = new Headers(given);
        const state = { type: RESPONSE, call, source: NONE, kind, data, headers, status: 200 };
        super(MADE, state);
        if (given !== undefined && kind !== STREAM) bodyChanged(fieldsOf(headers));
        if (type !== null && (given === undefined || !headers.has("content-type"))) headers.set("content-type", type);
        if (init?.status !== undefined) state.status = status(init.status);
      }
    }

    static {
      makeResponse = (source, status) => new Response(MADE, { type: RESPONSE, call, source, kind: UNCHANGED, data: null, headers: null, status });
      isResponse = (value) => isOf(RESPONSE, value);
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
      return new Response(null, { status: code, headers: { location: new URL(String(url), host.url()).href } });
    }

    get status() {
      return stateOf(this).status;
    }

    set status(value) {
      stateOf(this).status = status(value);
    }

    get ok() {
      return this.status >= 200 && this.status <= 299;
    }

    get statusText() {
      return "";
    }

    clone() {
      const state = stateOf(this), { kind, data, status } = state;
      const body = kind === UNCHANGED ? makeStream(sourceOf(state)) : kind === STREAM ? makeStream(data) : data;
      return new Response(body, { status, headers: this.headers });
    }

    get [Symbol.toStringTag]() {
      return "Response";
    }
  }

  return {
    globals: { Headers, Request, Response },
    hidden: [Message.prototype, BodyStream.prototype],
    makeRequest, makeResponse, isRequest, isResponse, stateOf, sourceOf, show, view,
    begin: () => {
      call++;
    },
    /** For the gateway; null where nobody has looked at them. */
    fieldsOf: (state) => (state.headers === null ? null : fieldsOf(state.headers)),
    /** For the gateway: a text, a buffer, or the number of the message whose bytes flow on. */
    dataOf: ({ kind, data }) => (kind === BYTES ? data.buffer : data),
  };
})
