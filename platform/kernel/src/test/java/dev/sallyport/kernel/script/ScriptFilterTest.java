package dev.sallyport.kernel.script;

import static dev.sallyport.kernel.script.ScriptFixture.answer;
import static dev.sallyport.kernel.script.ScriptFixture.call;
import static dev.sallyport.kernel.script.ScriptFixture.get;
import static dev.sallyport.kernel.script.ScriptFixture.post;
import static dev.sallyport.kernel.script.ScriptFixture.request;
import static dev.sallyport.kernel.script.ScriptFixture.seen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Body;
import dev.sallyport.api.BodyTooLargeException;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.api.Response;
import dev.sallyport.api.Scripts;
import dev.sallyport.api.UpstreamException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a script sees and what it can do. */
class ScriptFilterTest {

    private static ScriptFixture scripts;

    @BeforeAll
    static void start(@TempDir Path folder) {
        scripts = new ScriptFixture(folder);
    }

    @AfterAll
    static void stop() {
        scripts.close();
    }

    @Test
    void passesARequestOnAsItCame() throws Exception {
        Filter filter = scripts.handler("return next(request);");
        Request request = get("/a?b=c|d%7e", "Host", "example.com", "X-One", "1");
        Response upstream = Response.of(200, Headers.of("X-Two", "2"), new OneShot("streamed"));

        CallOf seen = new CallOf();
        Response response = call(filter, request, passed -> {
            seen.request = passed;
            return upstream;
        });

        assertThat(seen.request).isSameAs(request);
        assertThat(response).isSameAs(upstream);
        assertThat(response.body().text(100)).isEqualTo("streamed");
    }

    @Test
    void looksWithoutChanging() throws Exception {
        Filter filter = scripts.handler("""
            const looked = [request.method, request.url, request.path, request.query.get("b"), request.headers.get("HOST")];
            const response = await next(request);
            response.headers.get("x");
            exchange.note("looked", looked.join(" "));
            return response;
            """);
        Request request = get("/a{b}?b=c|d%7e", "Host", "example.com");

        Request passed = seen(filter, request);

        assertThat(passed).isSameAs(request);
        assertThat(((SampleExchange) request.exchange()).notes())
                .containsEntry("looked", "GET http://example.com/a{b}?b=c|d%7e /a%7Bb%7D c|d~ example.com");
    }

    @Test
    void changesHeadersOfRequestAndResponse() throws Exception {
        Filter filter = scripts.handler("""
            request.headers.set("X-Region", "eu");
            request.headers.append("accept", "text/html");
            request.headers.delete("x-old");
            const response = await next(request);
            response.headers.set("server", "none");
            response.status = 201;
            return response;
            """);
        Request request = get("/", "Accept", "*/*", "X-Old", "1", "x-old", "2");

        CallOf seen = new CallOf();
        Response response = call(filter, request, passed -> {
            seen.request = passed;
            return Response.of(200, Headers.of("Server", "nginx", "A", "b"), Body.of("kept"));
        });

        assertThat(seen.request.headers())
                .isEqualTo(Headers.of("Accept", "*/*", "X-Region", "eu", "accept", "text/html"));
        assertThat(response.status()).isEqualTo(201);
        assertThat(response.headers()).isEqualTo(Headers.of("server", "none", "A", "b"));
        assertThat(response.body().text(100)).isEqualTo("kept");
    }

    @Test
    void knowsHeadersAsTheFetchStandardHasThem() throws Exception {
        Filter filter = scripts.handler("""
            const h = new Headers([["b", " 2 "], ["A", "1"], ["b", "3"]]);
            h.append("Set-Cookie", "x=1"); h.append("set-cookie", "y=2");
            const seen = [];
            h.forEach((value, name) => seen.push(name + "=" + value));
            const failed = [];
            for (const [n, v] of [["a b", "1"], ["a", "x\\r\\ny: 1"], ["", "1"], ["a", "\\u0100"]]) {
              try { h.set(n, v); } catch (e) { failed.push(e instanceof TypeError); }
            }
            return Response.json({ seen, entries: [...h], cookies: h.getSetCookie(), keys: [...h.keys()],
              b: h.get("B"), none: h.get("none"), has: h.has("a"), failed, copy: [...new Headers(h)].length,
              object: [...new Headers({ x: 1 })] });
            """);

        assertThat(answer(filter, get("/"))).isEqualTo("""
            {"seen":["a=1","b=2, 3","set-cookie=x=1","set-cookie=y=2"],"entries":[["a","1"],["b","2, 3"],["set-cookie","x=1"],["set-cookie","y=2"]],\
            "cookies":["x=1","y=2"],"keys":["a","b","set-cookie","set-cookie"],"b":"2, 3","none":null,"has":true,\
            "failed":[true,true,true,true],"copy":4,"object":[["x","1"]]}\
            """);
    }

    @Test
    void changesMethodPathAndQuery() throws Exception {
        Filter filter = scripts.handler("""
            request.method = "put";
            request.path = "/v2" + request.path + "/ü";
            request.query.set("x", "a b");
            return next(request);
            """);

        Request passed = seen(filter, get("/orders?x=1&y=2", "host", "h:81"));

        assertThat(passed.method()).isEqualTo("PUT");
        assertThat(passed.target()).isEqualTo(new RequestTarget("/v2/orders/%C3%BC", "x=a+b&y=2"));
    }

    @Test
    void passesOnARequestOfItsOwn() throws Exception {
        Filter filter = scripts.handler("""
            return next(new Request("/other?q=1", { method: "POST", headers: { "x-a": "1" }, body: new URLSearchParams({ a: "b c" }) }));
            """);

        Request passed = seen(filter, get("/orders", "host", "h", "cookie", "secret"));

        assertThat(passed.method()).isEqualTo("POST");
        assertThat(passed.target().toString()).isEqualTo("/other?q=1");
        assertThat(passed.headers())
                .isEqualTo(Headers.of("x-a", "1", "content-type", "application/x-www-form-urlencoded;charset=UTF-8"));
        assertThat(passed.body().text(100)).isEqualTo("a=b+c");
    }

    @Test
    void refusesAnotherOrigin() throws Exception {
        Filter filter = scripts.handler("request.url = 'http://elsewhere/x'; return next(request);");

        assertThatThrownBy(() -> call(filter, get("/", "host", "h")))
                .isInstanceOf(ScriptException.class)
                .hasMessageStartingWith("test.js:2:")
                .hasMessageContaining("next: http://elsewhere (expected: http://h)");
    }

    @Test
    void readsAndReplacesBodies() throws Exception {
        Filter filter = scripts.handler("""
            const order = await request.json();
            request.body = JSON.stringify({ ...order, by: "gateway" });
            const response = await next(request);
            const text = await response.text();
            return new Response(text.toUpperCase(), response);
            """);
        Request request = request(
                "POST",
                "/orders",
                new OneShot("{\"id\":\"ä\"}"),
                "content-type",
                "application/json",
                "content-length",
                "11");

        CallOf seen = new CallOf();
        Response response = call(filter, request, passed -> {
            seen.request = passed;
            return Response.of(202, Headers.of("content-type", "text/x"), new OneShot("done"));
        });

        assertThat(seen.request.body().text(100)).isEqualTo("{\"id\":\"ä\",\"by\":\"gateway\"}");
        assertThat(seen.request.headers()).isEqualTo(Headers.of("content-type", "application/json"));
        assertThat(response.status()).isEqualTo(202);
        assertThat(response.headers()).isEqualTo(Headers.of("content-type", "text/x"));
        assertThat(response.body().text(100)).isEqualTo("DONE");
    }

    @Test
    void passesOnABodyThatItHasRead() throws Exception {
        Filter filter = scripts.handler("""
            const one = await request.text(), two = await request.text();
            const response = await next(request);
            exchange.note("read", one + two + await response.text());
            return response;
            """);
        Request request = request("POST", "/", new OneShot("in"));

        CallOf seen = new CallOf();
        Response response = call(filter, request, passed -> {
            seen.request = passed;
            return Response.of(200, Headers.empty(), new OneShot("out"));
        });

        assertThat(seen.request.body().text(100)).isEqualTo("in");
        assertThat(response.body().text(100)).isEqualTo("out");
        assertThat(((SampleExchange) request.exchange()).notes()).containsEntry("read", "ininout");
    }

    @Test
    void handlesBytes() throws Exception {
        Filter filter = scripts.handler("""
            const bytes = await request.bytes();
            const buffer = await request.arrayBuffer();
            bytes[0] = 0xff;
            return new Response(new Uint8Array([...bytes, ...new Uint8Array(buffer), ...new TextEncoder().encode("ü")]).subarray(1));
            """);

        Response response = call(filter, request("POST", "/", Body.of(new byte[] {(byte) 0x80, 1, 2})));

        assertThat(response.body().open().readAllBytes())
                .containsExactly(1, 2, (byte) 0x80, 1, 2, (byte) 0xc3, (byte) 0xbc);
    }

    @Test
    void streamsABodyIntoAnotherResponse() throws Exception {
        Filter filter = scripts.handler("""
            const response = await next(request);
            return new Response(response.body, { status: 203, headers: response.headers });
            """);
        OneShot body = new OneShot("x".repeat(5_000_000));

        Response response = call(filter, get("/"), passed -> Response.of(200, Headers.of("a", "b"), body));

        assertThat(body.opened).isFalse();
        assertThat(response.status()).isEqualTo(203);
        assertThat(response.headers()).isEqualTo(Headers.of("a", "b"));
        assertThat(response.body()).isSameAs(body);
    }

    @Test
    void readsCompressedBodies() throws Exception {
        Filter filter = scripts.handler("""
            const response = await next(request);
            response.body = (await response.text()) + "!";
            return response;
            """);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write("packed".getBytes(StandardCharsets.UTF_8));
        }

        Response response = call(
                filter,
                get("/"),
                passed -> Response.of(200, Headers.of("content-encoding", "gzip"), Body.of(bytes.toByteArray())));

        assertThat(response.body().text(100)).isEqualTo("packed!");
        assertThat(response.headers()).isEqualTo(Headers.empty());
    }

    @Test
    void answersWithoutNext() throws Exception {
        Filter filter =
                scripts.handler("return Response.json({ ok: true }, { status: 418, headers: { 'x-a': '1' } });");
        AtomicInteger calls = new AtomicInteger();

        Response response = call(filter, get("/"), passed -> {
            calls.incrementAndGet();
            return Response.of(200);
        });

        assertThat(calls).hasValue(0);
        assertThat(response.status()).isEqualTo(418);
        assertThat(response.headers()).isEqualTo(Headers.of("x-a", "1", "content-type", "application/json"));
        assertThat(response.body().text(100)).isEqualTo("{\"ok\":true}");
    }

    @Test
    void tellsOfTheExchange() throws Exception {
        scripts.write("test.js", """
            export default (request, next, { config, exchange }) => Response.json({
              config, id: exchange.id, route: exchange.route, parameters: exchange.parameters, client: exchange.client,
              consumer: exchange.consumer, scheme: exchange.scheme, protocol: exchange.protocol,
              elapsed: typeof exchange.elapsedMillis(), frozen: Object.isFrozen(config.list) });
            """);
        Filter filter = scripts.load(
                "test.js", Map.of("list", List.of(1, "2", true)), Scripts.Isolation.REQUEST, ScriptFixture.LIMITS);
        SampleExchange exchange = new SampleExchange(
                "orders",
                Map.of("id", "7\n8"),
                InetAddress.getByName("192.0.2.1"),
                new Consumer("mobile", List.of("partners"), Map.of("tier", "gold")));
        Request request = new Request("GET", RequestTarget.parse("/"), Headers.empty(), Body.empty(), null, exchange);

        assertThat(answer(filter, request)).isEqualTo("""
            {"config":{"list":[1,"2",true]},"id":"00000000-0000-7000-8000-000000000000","route":"orders","parameters":{"id":"7\\n8"},\
            "client":"192.0.2.1","consumer":{"name":"mobile","groups":["partners"],"tags":{"tier":"gold"}},"scheme":"http",\
            "protocol":"HTTP/1.1","elapsed":"number","frozen":true}\
            """);
    }

    @Test
    void offersWhatIsUsualInOtherHosts() throws Exception {
        Filter filter = scripts.handler("""
            const url = new URL("../x?a=1#h", "https://h:443/p/q/");
            url.searchParams.append("b", "ü");
            return Response.json([url.href, btoa("a\\u00ff"), atob("Yf8=").charCodeAt(1), new TextDecoder().decode(new TextEncoder().encode("€")),
              new TextDecoder().decode(new Uint8Array([1, 65, 66]).subarray(1)), typeof console.log, typeof fetch, typeof setTimeout, typeof Java,
              typeof Polyglot, typeof load, typeof print, typeof process, typeof require, typeof SharedArrayBuffer]);
            """);

        assertThat(answer(filter, get("/"))).isEqualTo("""
            ["https://h/p/x?a=1&b=%C3%BC#h","Yf8=",255,"€","AB","function","function","undefined","undefined",\
            "undefined","undefined","undefined","undefined","undefined","undefined"]\
            """);
    }

    @Test
    void letsFailuresOfTheUpstreamThroughAsTheyAre() throws Exception {
        Filter filter = scripts.handler("return await next(request);");
        UpstreamException failure = new UpstreamException(UpstreamException.Kind.CONNECT, "10.0.0.1 refused", null);

        assertThatThrownBy(() -> call(filter, get("/"), passed -> {
                    throw failure;
                }))
                .isSameAs(failure);
    }

    @Test
    void canCatchFailuresOfTheUpstream() throws Exception {
        Filter filter = scripts.handler("""
            try { return await next(request); }
            catch (e) { return new Response([e.name, e.kind, e.message, e instanceof Error].join("|"), { status: 502 }); }
            """);

        Response response = call(filter, get("/"), passed -> {
            throw new UpstreamException(UpstreamException.Kind.CONNECT_TIMEOUT, "10.0.0.1 secret", null);
        });

        assertThat(response.body().text(200))
                .isEqualTo("UpstreamError|connect-timeout|the upstream failed: connect-timeout|true");
    }

    @Test
    void hidesTheTextOfExceptionsFromScripts() throws Exception {
        Filter filter = scripts.handler(
                "try { return await next(request); } catch (e) { return new Response(e + ' ' + e.stack +"
                        + " JSON.stringify(e)); }");

        Response response = call(filter, get("/"), passed -> {
            throw new IllegalStateException("secret internals");
        });

        assertThat(response.body().text(2000))
                .contains("the rest of the chain failed")
                .doesNotContain("secret")
                .doesNotContain("java")
                .doesNotContain("sallyport");
    }

    @Test
    void namesThePlaceOfAnException() throws Exception {
        Filter filter = scripts.handler("const user = null;\nawait next(request);\nreturn user.name;");

        assertThatThrownBy(() -> call(filter, get("/")))
                .isInstanceOf(ScriptException.class)
                .hasMessage("test.js:4:8: TypeError: Cannot read property 'name' of null");
    }

    @Test
    void namesThePlaceOfACallThatWasRefused() throws Exception {
        Filter filter = scripts.handler("await next(request);\nrequest.headers.set('a b', 1);");

        assertThatThrownBy(() -> call(filter, get("/")))
                .hasMessage("test.js:3:1: TypeError: header name: 'a b' (expected: a token, RFC 9110 §5.6.2)");
    }

    @Test
    void namesThePlaceThatAwaitedWhatWasRefused() throws Exception {
        Filter filter = scripts.handler("const r = await next(request);\nawait request.text();\nreturn r;");

        assertThatThrownBy(() -> call(filter, request("POST", "/", new OneShot("x"))))
                .isInstanceOf(ScriptException.class)
                .hasMessageStartingWith("test.js:3:")
                .hasMessageContaining("TypeError: body: sent on already (expected: read it before next)");
    }

    @Test
    void tellsWhatWasThrownThatIsNoError() throws Exception {
        Filter filter = scripts.handler("throw 'plain';");

        assertThatThrownBy(() -> call(filter, get("/"))).hasMessage("test.js: threw plain");
    }

    @Test
    void refusesASecondNext() throws Exception {
        Filter filter = scripts.handler("await next(request);\nreturn next(request);");

        assertThatThrownBy(() -> call(filter, get("/")))
                .hasMessage("test.js:3:8: TypeError: next: called again (expected: once)");
    }

    @Test
    void refusesWhatIsNoResponse() throws Exception {
        Filter filter = scripts.handler("await next(request);");

        assertThatThrownBy(() -> call(filter, get("/")))
                .isInstanceOf(ScriptException.class)
                .hasMessageContaining("the script returned undefined (expected: a Response)");
    }

    @Test
    void endsACallThatAwaitsNothing() throws Exception {
        Filter filter = scripts.handler("await new Promise(() => {});");

        assertThatThrownBy(() -> call(filter, get("/")))
                .hasMessage("test.js: its promise never settles: it awaits nothing that could come");
    }

    @Test
    void failsOnARejectionThatNobodyHandles() throws Exception {
        Filter filter = scripts.handler("Promise.reject(new Error('floating'));\nreturn next(request);");

        assertThatThrownBy(() -> call(filter, get("/")))
                .isInstanceOf(ScriptException.class)
                .hasMessageContaining("floating");
    }

    @Test
    void tellsTheClientThatItsBodyIsTooLarge() throws Exception {
        Filter filter = scripts.handler("await request.text(); return next(request);");

        assertThatThrownBy(() -> call(filter, post("x".repeat((1 << 20) + 1))))
                .isInstanceOf(BodyTooLargeException.class);
        assertThatThrownBy(() -> call(filter, request("POST", "/", new OneShot("x".repeat((1 << 20) + 1)))))
                .isInstanceOf(BodyTooLargeException.class);
    }

    @Test
    void canPassOnABodyThatIsTooLargeToRead() throws Exception {
        Filter filter = scripts.handler("""
            try { await request.text(); } catch (e) { if (e.name !== "BodyTooLargeError") throw e; }
            return next(request);
            """);
        String large = "x".repeat((1 << 20) + 1000) + "end";

        Request known = seen(filter, post(large));
        Request streamed = seen(filter, request("POST", "/", new OneShot(large)));

        assertThat(known.body().text(1 << 22)).isEqualTo(large);
        assertThat(streamed.body().text(1 << 22)).isEqualTo(large);
    }

    @Test
    void closesAResponseThatTheScriptDrops() throws Exception {
        Filter filter = scripts.handler("await next(request); return new Response('other');");
        OneShot body = new OneShot("dropped");

        Response response = call(filter, get("/"), passed -> Response.of(200, Headers.empty(), body));

        assertThat(response.body().text(100)).isEqualTo("other");
        assertThat(body.closed).isTrue();
    }

    @Test
    void keepsTheProblemOfAResponse() throws Exception {
        Filter filter =
                scripts.handler("const r = await next(request); await r.text(); r.headers.set('a', 'b'); return r;");

        Response response = call(filter, get("/"), passed -> new Problem(503, "none", "None").toResponse(passed));

        assertThat(response.problem()).isNotNull();
        assertThat(response.headers().get("a")).isEqualTo("b");
    }

    private static final class CallOf {
        Request request;
    }

    /** A body that can be read once and whose length nobody knows. */
    private static final class OneShot implements Body {
        private final InputStream in;
        boolean opened;
        boolean closed;

        OneShot(String text) {
            in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public long length() {
            return -1;
        }

        @Override
        public InputStream open() {
            if (opened || closed) {
                throw new IllegalStateException("read twice");
            }
            opened = true;
            return in;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Test
    void tellsOfABodyThatBreaksOffEachTimeThatItIsRead() throws Exception {
        Filter filter = scripts.handler("""
            const first = await request.text().catch((error) => error.name);
            const second = await request.text().catch((error) => error.name);
            return new Response(first + ", " + second);
            """);
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("reset");
            }
        };

        Response response = call(filter, request("POST", "/", Body.of(broken, 5)));

        assertThat(response.body().text(100)).isEqualTo("BodyError, BodyError");
    }

    @Test
    void aBodyThatFlowsOnKeepsItsCoding() throws Exception {
        Filter filter = scripts.handler("return next(new Request(request, { body: request.body }));");

        Request passed =
                seen(filter, request("POST", "/", Body.of("coded"), "content-encoding", "gzip", "content-length", "5"));

        assertThat(passed.header("content-encoding")).isEqualTo("gzip");
        assertThat(passed.header("content-length")).isEqualTo("5");
    }
}
