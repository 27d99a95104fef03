// URL and URLSearchParams after the WHATWG URL standard, for http and https alone: host names are taken as they are
// written (no IDNA), which is enough to work on the URL of a request.
(function () {
  "use strict";
  const DEFAULT_PORTS = { "http:": "80", "https:": "443" };
  const ABSOLUTE = /^(https?):\/\/([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$/i;
  const AUTHORITY = /^(\[[0-9a-f:.]+\]|[^\s:@[\]<>^|%"\\]+)(?::(\d{0,5}))?$/i;

  const encode = (text, unsafe) =>
    String(text).toWellFormed().replace(unsafe, (c) => (c === "'" ? "%27" : encodeURIComponent(c)));
  const encodePath = (text) => encode(text, /[^\x21\x24-\x3b\x3d\x40-\x5f\x61-\x7a\x7c\x7e]/gu);
  const encodeQuery = (text) => encode(text, /[^\x21\x24-\x26\x28-\x3b\x3d\x3f-\x7e]/gu);
  const encodeHash = (text) => encode(text, /[^\x21\x23-\x3b\x3d\x3f-\x5f\x61-\x7e]/gu);
  const encodeForm = (text) =>
    encodeURIComponent(String(text).toWellFormed()).replace(/[!'()~]|%20/g, (c) => (c === "%20" ? "+" : "%" + c.charCodeAt(0).toString(16).toUpperCase()));
  const decodeForm = (text) => {
    text = text.replace(/\+/g, " ");
    try {
      return decodeURIComponent(text);
    } catch {
      return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
        try {
          return decodeURIComponent(run);
        } catch {
          return run;
        }
      });
    }
  };

  /** Without dot segments (RFC 3986 §5.2.4). */
  const normal = (path) => {
    const out = [], segments = path.replace(/\\/g, "/").split("/");
    for (let i = 1; i < segments.length; i++) {
      const segment = segments[i].replace(/%2e/gi, ".");
      if (segment === "..") out.pop();
      else if (segment !== ".") out.push(segments[i]);
      if (i === segments.length - 1 && (segment === "." || segment === "..")) out.push("");
    }
    return "/" + out.join("/");
  };

  let listen, replace;
  class URLSearchParams {
    #pairs = [];
    #changed = null;

    constructor(init = "") {
      if (typeof init === "object" && init !== null) {
        const pairs = typeof init[Symbol.iterator] === "function" ? init : Object.entries(init);
        for (const [name, value] of pairs) this.#pairs.push([String(name), String(value)]);
      } else {
        this.#parse(String(init));
      }
    }

    static {
      listen = (params, changed) => {
        params.#changed = changed;
      };
      replace = (params, text) => {
        params.#pairs = [];
        params.#parse(text);
      };
    }

    #parse(text) {
      for (const pair of text.replace(/^\?/, "").split("&")) {
        if (pair === "") continue;
        const at = pair.indexOf("=");
        this.#pairs.push(at < 0 ? [decodeForm(pair), ""] : [decodeForm(pair.slice(0, at)), decodeForm(pair.slice(at + 1))]);
      }
    }

    #tell() {
      if (this.#changed !== null) this.#changed(this.toString());
    }

    get size() {
      return this.#pairs.length;
    }

    get(name) {
      const pair = this.#pairs.find((pair) => pair[0] === String(name));
      return pair === undefined ? null : pair[1];
    }

    getAll(name) {
      return this.#pairs.filter((pair) => pair[0] === String(name)).map((pair) => pair[1]);
    }

    has(name, value) {
      return this.#pairs.some((pair) => pair[0] === String(name) && (value === undefined || pair[1] === String(value)));
    }

    append(name, value) {
      this.#pairs.push([String(name), String(value)]);
      this.#tell();
    }

    set(name, value) {
      name = String(name);
      const at = this.#pairs.findIndex((pair) => pair[0] === name);
      if (at < 0) {
        this.#pairs.push([name, String(value)]);
      } else {
        this.#pairs = this.#pairs.filter((pair, i) => i <= at || pair[0] !== name);
        this.#pairs[at] = [name, String(value)];
      }
      this.#tell();
    }

    delete(name, value) {
      this.#pairs = this.#pairs.filter(
        (pair) => pair[0] !== String(name) || (value !== undefined && pair[1] !== String(value)));
      this.#tell();
    }

    sort() {
      this.#pairs.sort((one, other) => (one[0] < other[0] ? -1 : one[0] > other[0] ? 1 : 0));
      this.#tell();
    }

    forEach(callback, self) {
      for (const [name, value] of this.#pairs) callback.call(self, value, name, this);
    }

    *entries() {
      for (const pair of this.#pairs) yield [pair[0], pair[1]];
    }

    *keys() {
      for (const pair of this.#pairs) yield pair[0];
    }

    *values() {
      for (const pair of this.#pairs) yield pair[1];
    }

    [Symbol.iterator]() {
      return this.entries();
    }

    toString() {
      return this.#pairs.map((pair) => encodeForm(pair[0]) + "=" + encodeForm(pair[1])).join("&");
    }

    get [Symbol.toStringTag]() {
      return "URLSearchParams";
    }
  }

  class URL {
    #protocol;
    #hostname;
    #port;
    #path;
    #search;
    #hash;
    #params = null;

    constructor(url, base) {
      url = String(url).trim();
      if (!/^[a-z][a-z0-9+.-]*:/i.test(url)) {
        if (base === undefined) throw new TypeError(`Invalid URL: ${JSON.stringify(url)} (expected: an absolute one, or a base)`);
        url = URL.#resolve(url, base instanceof URL ? base : new URL(base));
      }
      const match = ABSOLUTE.exec(url);
      if (match === null) throw new TypeError(`Invalid URL: ${JSON.stringify(url)} (expected: http or https)`);
      this.#protocol = match[1].toLowerCase() + ":";
      this.#authority(match[2], url);
      this.#path = normal(encodePath(match[3] || "/"));
      this.#search = match[4] === undefined || match[4] === "?" ? "" : "?" + encodeQuery(match[4].slice(1));
      this.#hash = match[5] === undefined || match[5] === "#" ? "" : "#" + encodeHash(match[5].slice(1));
    }

    static #resolve(url, base) {
      if (url.startsWith("//")) return base.protocol + url;
      if (url.startsWith("/")) return base.origin + url;
      if (url.startsWith("?")) return base.origin + base.pathname + url;
      if (url === "" || url.startsWith("#")) return base.origin + base.pathname + base.search + url;
      return base.origin + base.pathname.replace(/[^/]*$/, "") + url;
    }

    static canParse(url, base) {
      try {
        new URL(url, base);
        return true;
      } catch {
        return false;
      }
    }

    #authority(text, shown) {
      const match = AUTHORITY.exec(text);
      if (match === null || Number(match[2] ?? 0) > 65535) {
        throw new TypeError(`Invalid URL: ${JSON.stringify(shown)} (expected: a host and perhaps a port; no user name)`);
      }
      this.#hostname = match[1].toLowerCase();
      const port = match[2] ? String(Number(match[2])) : "";
      this.#port = port === DEFAULT_PORTS[this.#protocol] ? "" : port;
    }

    get href() {
      return this.origin + this.#path + this.#search + this.#hash;
    }

    get origin() {
      return this.#protocol + "//" + this.host;
    }

    get protocol() {
      return this.#protocol;
    }

    set protocol(value) {
      value = String(value).replace(/:?$/, ":").toLowerCase();
      if (value in DEFAULT_PORTS) {
        this.#protocol = value;
        if (this.#port === DEFAULT_PORTS[value]) this.#port = "";
      }
    }

    get host() {
      return this.#port === "" ? this.#hostname : this.#hostname + ":" + this.#port;
    }

    set host(value) {
      this.#authority(String(value), String(value));
    }

    get hostname() {
      return this.#hostname;
    }

    set hostname(value) {
      const port = this.#port;
      this.#authority(String(value), String(value));
      this.#port = port;
    }

    get port() {
      return this.#port;
    }

    set port(value) {
      this.#authority(this.#hostname + ":" + String(value), String(value));
    }

    get pathname() {
      return this.#path;
    }

    set pathname(value) {
      value = String(value);
      this.#path = normal(encodePath((value.startsWith("/") ? value : "/" + value).replace(/[?#]/g, encodeURIComponent)));
    }

    get search() {
      return this.#search;
    }

    set search(value) {
      value = String(value).replace(/^\?/, "");
      this.#search = value === "" ? "" : "?" + encodeQuery(value.replace(/#/g, "%23"));
      if (this.#params !== null) replace(this.#params, this.#search);
    }

    get searchParams() {
      if (this.#params === null) {
        this.#params = new URLSearchParams(this.#search);
        listen(this.#params, (text) => {
          this.#search = text === "" ? "" : "?" + text;
        });
      }
      return this.#params;
    }

    get hash() {
      return this.#hash;
    }

    set hash(value) {
      value = String(value).replace(/^#/, "");
      this.#hash = value === "" ? "" : "#" + encodeHash(value);
    }

    toString() {
      return this.href;
    }

    toJSON() {
      return this.href;
    }

    get [Symbol.toStringTag]() {
      return "URL";
    }
  }

  return { URL, URLSearchParams };
})
