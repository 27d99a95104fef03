/**
 * What a script of Sallyport sees. The objects follow the Fetch standard where they have a counterpart there; where they
 * differ, it says so here. There is no timer, no stream and no Node API: a script works on what passes through.
 */

/**
 * The default export of a script: it is called for each request that reaches the step.
 *
 * It answers by itself, or calls `next` and returns what came back, changed or not. What it throws becomes an answer with
 * status 500, whose reason is in the gateway's log with file and line; an error of `next` that it does not catch goes on
 * as it was, so that retries and breakers see it.
 *
 * @typeParam Config the step's `config:` as the script wants it
 */
export type Handler<Config = any> = (
  request: Request,
  next: Next,
  tools: Tools<Config>,
) => Response | Promise<Response>;

/**
 * The rest of the chain, then the upstream. It may be called once, and must be awaited (or returned).
 *
 * It rejects with an error whose `name` is
 * - `UpstreamError`: the upstream failed, see {@link UpstreamError};
 * - `AbortError`: the client went away;
 * - `BodyTooLargeError`: a later step found the request's body too large;
 * - `Error`: a later step failed.
 *
 * @param request the request to pass on; the one received where it is not given
 */
export type Next = (request?: Request) => Promise<Response>;

/** An error of {@link Next}: the upstream could not be reached, or broke before it had answered. */
export interface UpstreamError extends Error {
  name: "UpstreamError";
  /** `unavailable` is the word of a step of the attempt, such as an open circuit breaker. */
  kind:
    | "no-target"
    | "connect"
    | "connect-timeout"
    | "response-timeout"
    | "reset"
    | "protocol"
    | "unavailable";
}

/** The third argument of a {@link Handler}. */
export interface Tools<Config = any> {
  /** The step's `config:`, frozen; an empty object where there is none. */
  readonly config: Readonly<Config>;
  readonly exchange: Exchange;
  /** The gateway's own log. `console` writes there too. */
  readonly log: Log;
}

/** What a request and its response have in common. */
export interface Exchange {
  /** The request id, which also goes upstream and back to the client. */
  readonly id: string;
  /** The name of the route; null for a step that stands before routing. */
  readonly route: string | null;
  /** The path parameters of the route's match, decoded: `id` of `/orders/{id}`. */
  readonly parameters: Record<string, string>;
  /** The client's address, believed only from trusted proxies. */
  readonly client: string;
  /** As the client used it towards the first trusted hop. */
  readonly scheme: "http" | "https";
  readonly protocol: string;
  /** The authenticated caller; null where no step has said who that is. */
  readonly consumer: Consumer | null;
  /** Milliseconds since the request's head had been read. */
  elapsedMillis(): number;
  /** Notes something that a person who looks at a trace should see. No secrets. */
  note(name: string, value: string | number | boolean): void;
}

/** The authenticated caller. */
export interface Consumer {
  readonly name: string;
  readonly groups: string[];
  readonly tags: Record<string, string>;
}

/** Writes lines to the gateway's log, with the script's name and the request id. Values are joined with blanks. */
export interface Log {
  debug(...values: unknown[]): void;
  info(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
}

declare global {
  /** What can be given as a body. Objects are not: use `JSON.stringify`, or `Response.json`. */
  type BodyInit = string | ArrayBuffer | ArrayBufferView | URLSearchParams | BodyStream | null;

  type HeadersInit = Headers | Record<string, string | number> | Iterable<readonly [string, string]>;

  /** Header fields, names without regard to case. Fields that are not touched keep their order and spelling. */
  class Headers implements Iterable<[string, string]> {
    constructor(init?: HeadersInit | null);
    /** All values of that name, joined with `", "`; null where there is none. */
    get(name: string): string | null;
    /** Each Set-Cookie field by itself. */
    getSetCookie(): string[];
    has(name: string): boolean;
    /** @throws TypeError where name or value cannot stand in a header */
    set(name: string, value: string | number): void;
    /** @throws TypeError where name or value cannot stand in a header */
    append(name: string, value: string | number): void;
    delete(name: string): void;
    forEach(callback: (value: string, name: string, headers: Headers) => void, self?: unknown): void;
    /** Names in lower case, sorted; values of one name joined, but for set-cookie. */
    entries(): IterableIterator<[string, string]>;
    keys(): IterableIterator<string>;
    values(): IterableIterator<string>;
    [Symbol.iterator](): IterableIterator<[string, string]>;
  }

  /**
   * A body as it flows: it can be handed on, `new Response(response.body, …)`, without being read. To read it use the
   * message's `text()`, `json()` or `bytes()`.
   */
  interface BodyStream {
    readonly [bodyStream]: true;
  }

  /**
   * What Request and Response have in common.
   *
   * The body is read only when the script asks for it; else it streams through the gateway untouched. Other than in
   * browsers, a body can be read again and again, and one that was read is still passed on. Content coded with gzip or
   * deflate is decoded for the script.
   *
   * Reading rejects with an error of the name `BodyTooLargeError` where the body is larger than the step's `limits.body`.
   */
  interface Message {
    readonly headers: Headers;
    /**
     * Assigning replaces the body, and deletes the content-encoding and content-length of the old one; the content-type
     * stays as it is. Read, it gives what a script has set, or the stream; null where there is no body.
     */
    get body(): string | Uint8Array | BodyStream | null;
    set body(body: BodyInit);
    /** Always false: reading never uses a body up. */
    readonly bodyUsed: boolean;
    /** As text in UTF-8. */
    text(): Promise<string>;
    /** As JSON. */
    json(): Promise<any>;
    bytes(): Promise<Uint8Array>;
    arrayBuffer(): Promise<ArrayBuffer>;
  }

  interface RequestInit {
    method?: string;
    headers?: HeadersInit;
    body?: BodyInit;
  }

  interface Request extends Message {}

  /** A request. Other than in browsers, method, URL and body can be assigned. */
  class Request {
    /** @param input a request to copy, or a URL, also relative to the one that came in */
    constructor(input: Request | URL | string, init?: RequestInit);
    method: string;
    /** Absolute. Path and query may be changed, also by a relative URL; the upstream is the route's choice. */
    get url(): string;
    set url(url: string | URL);
    /** The path of the URL, percent-encoded. */
    path: string;
    /** The query of the URL, decoded and live: changing it changes the URL. */
    readonly query: URLSearchParams;
    clone(): Request;
  }

  interface ResponseInit {
    /** 200 to 599. */
    status?: number;
    headers?: HeadersInit;
  }

  interface Response extends Message {}

  /** A response. Other than in browsers, status and body can be assigned. */
  class Response {
    /** @param init status and headers; a Response, to take over those of it */
    constructor(body?: BodyInit, init?: ResponseInit | Response);
    static json(value: unknown, init?: ResponseInit): Response;
    /** @param url also relative to the one that came in */
    static redirect(url: string | URL, status?: 301 | 302 | 303 | 307 | 308): Response;
    status: number;
    readonly statusText: string;
    /** Whether the status is 200 to 299. */
    readonly ok: boolean;
    clone(): Response;
  }

  /** An http or https URL, without user name and password. */
  class URL {
    constructor(url: string | URL, base?: string | URL);
    static canParse(url: string | URL, base?: string | URL): boolean;
    readonly href: string;
    readonly origin: string;
    protocol: string;
    host: string;
    hostname: string;
    port: string;
    pathname: string;
    search: string;
    hash: string;
    readonly searchParams: URLSearchParams;
    toString(): string;
    toJSON(): string;
  }

  /** The parameters of a query, or of a form. */
  class URLSearchParams implements Iterable<[string, string]> {
    constructor(init?: string | URLSearchParams | Record<string, string> | Iterable<readonly [string, string]>);
    readonly size: number;
    get(name: string): string | null;
    getAll(name: string): string[];
    has(name: string, value?: string): boolean;
    set(name: string, value: string | number): void;
    append(name: string, value: string | number): void;
    delete(name: string, value?: string): void;
    sort(): void;
    forEach(callback: (value: string, name: string, params: URLSearchParams) => void, self?: unknown): void;
    entries(): IterableIterator<[string, string]>;
    keys(): IterableIterator<string>;
    values(): IterableIterator<string>;
    [Symbol.iterator](): IterableIterator<[string, string]>;
    toString(): string;
  }

  class TextEncoder {
    readonly encoding: "utf-8";
    encode(text?: string): Uint8Array;
  }

  /** UTF-8 alone. */
  class TextDecoder {
    constructor(label?: string, options?: { fatal?: boolean });
    readonly encoding: "utf-8";
    readonly fatal: boolean;
    decode(bytes?: ArrayBuffer | ArrayBufferView): string;
  }

  /** Decodes Base64 to a string of characters up to U+00FF. */
  function atob(text: string): string;
  /** Encodes a string of characters up to U+00FF as Base64. */
  function btoa(text: string): string;

  /**
   * Sends a request to a server that the step's `fetch:` names, and no other. Several may be under way at once, also
   * beside `next`.
   *
   * Other than in browsers, redirects are answers like any other, no cookies are kept, and the answer is there whole:
   * it may have `limits.body` bytes. Its time counts for `limits.wall`.
   *
   * It rejects with a TypeError where the server is none of those, or does not answer.
   */
  function fetch(input: Request | URL | string, init?: RequestInit): Promise<Response>;

  /**
   * A copy of data with all that is in it: objects, arrays, maps, sets, dates, regular expressions, errors, bytes.
   *
   * Throws an error of the name `DataCloneError` for functions, symbols and objects of other kinds.
   */
  function structuredClone<T>(value: T): T;

  /** What can be digested and signed. */
  type Bytes = ArrayBuffer | ArrayBufferView;

  type Digest = "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";

  /** A key of HMAC. */
  interface CryptoKey {
    readonly type: "secret";
    readonly extractable: boolean;
    readonly algorithm: { name: "HMAC"; hash: { name: Digest }; length: number };
    readonly usages: string[];
  }

  /** Digests, HMAC and random values of the Web Cryptography API. */
  const crypto: {
    /** A random UUID (version 4). */
    randomUUID(): string;
    /** Fills an array of whole numbers, of 65536 bytes at most, with random ones. */
    getRandomValues<T extends ArrayBufferView>(view: T): T;
    readonly subtle: {
      digest(algorithm: Digest | { name: Digest }, data: Bytes): Promise<ArrayBuffer>;
      importKey(
        format: "raw",
        key: Bytes,
        algorithm: { name: "HMAC"; hash: Digest | { name: Digest } },
        extractable: boolean,
        usages: ("sign" | "verify")[],
      ): Promise<CryptoKey>;
      sign(algorithm: "HMAC" | { name: "HMAC" }, key: CryptoKey, data: Bytes): Promise<ArrayBuffer>;
      /** Compares in constant time. */
      verify(algorithm: "HMAC" | { name: "HMAC" }, key: CryptoKey, signature: Bytes, data: Bytes): Promise<boolean>;
    };
  };

  /** Writes to the gateway's log. */
  const console: Log & { log(...values: unknown[]): void; trace(...values: unknown[]): void };
}

declare const bodyStream: unique symbol;
