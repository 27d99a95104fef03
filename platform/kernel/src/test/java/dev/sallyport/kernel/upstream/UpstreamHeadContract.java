package dev.sallyport.kernel.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Body;
import dev.sallyport.api.Response;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Heads: what goes out, byte for byte, and what comes back. */
interface UpstreamHeadContract extends UpstreamContract {

    private String sentFor(Peer peer, BlockingQueue<String> heads, Asking asking) throws Exception {
        assertThat(asking.text()).isEqualTo("200 ok");
        return heads.poll(5, TimeUnit.SECONDS).replace(peer.authority(), "TARGET");
    }

    private Peer keeping(BlockingQueue<String> heads, String bodyEnd) {
        return up().peer(line -> {
            for (String head = line.readHead(); head != null; head = line.readHead()) {
                heads.add(bodyEnd.isEmpty() ? head : head + line.readUntil(bodyEnd));
                line.write(OK);
            }
        });
    }

    @Test
    default void sendsNothingButWhatItWasGivenForAGet() throws Exception {
        BlockingQueue<String> heads = new LinkedBlockingQueue<>();
        Peer peer = keeping(heads, "");

        String sent = sentFor(peer, heads, up().ask(peer).path("/a?b=c").header("x-One", "Two"));

        assertThat(sent).isEqualTo("GET /a?b=c HTTP/1.1\r\nHost: TARGET\r\nx-One: Two\r\n\r\n");
    }

    @Test
    default void sendsALengthForABodyOfKnownLength() throws Exception {
        BlockingQueue<String> heads = new LinkedBlockingQueue<>();
        Peer peer = keeping(heads, "hello");

        String buffered = sentFor(peer, heads, up().ask(peer).post(Body.of("hello")));
        String streamed =
                sentFor(peer, heads, up().ask(peer).post(Body.of(new ByteArrayInputStream("hello".getBytes()), 5)));

        assertThat(buffered).isEqualTo("POST / HTTP/1.1\r\nHost: TARGET\r\nContent-Length: 5\r\n\r\nhello");
        assertThat(streamed).isEqualTo(buffered);
    }

    @Test
    default void sendsChunksForABodyOfUnknownLength() throws Exception {
        BlockingQueue<String> heads = new LinkedBlockingQueue<>();
        Peer peer = keeping(heads, "0\r\n\r\n");

        String sent =
                sentFor(peer, heads, up().ask(peer).post(Body.of(new ByteArrayInputStream("hello".getBytes()), -1)));

        assertThat(sent)
                .isEqualTo(
                        "POST / HTTP/1.1\r\nHost: TARGET\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
    }

    @Test
    default void sendsALengthOfZeroWhereTheMethodHasABodyByRights() throws Exception {
        BlockingQueue<String> heads = new LinkedBlockingQueue<>();
        Peer peer = keeping(heads, "");

        for (String method : new String[] {"POST", "PUT", "PATCH"}) {
            assertThat(sentFor(peer, heads, up().ask(peer).method(method)))
                    .isEqualTo(method + " / HTTP/1.1\r\nHost: TARGET\r\nContent-Length: 0\r\n\r\n");
        }
        assertThat(sentFor(peer, heads, up().ask(peer).method("DELETE")))
                .isEqualTo("DELETE / HTTP/1.1\r\nHost: TARGET\r\n\r\n");
    }

    @Test
    default void asksForTrailersWhereTheClientTakesThem() throws Exception {
        BlockingQueue<String> heads = new LinkedBlockingQueue<>();
        Peer peer = keeping(heads, "");

        String sent = sentFor(peer, heads, up().ask(peer).acceptsTrailers());

        assertThat(sent).isEqualTo("GET / HTTP/1.1\r\nHost: TARGET\r\nTE: trailers\r\nConnection: TE\r\n\r\n");
    }

    @Test
    default void leavesOutWhatIsOfTheConnectionAndExpect() throws Exception {
        BlockingQueue<String> heads = new LinkedBlockingQueue<>();
        Peer peer = keeping(heads, "");
        Asking asking = up().ask(peer);
        Map.of(
                        "Connection", "close",
                        "Keep-Alive", "timeout=5",
                        "TE", "gzip",
                        "Transfer-Encoding", "chunked",
                        "Upgrade", "h2c",
                        "Proxy-Connection", "keep-alive",
                        "Expect", "100-continue",
                        "Content-Length", "7")
                .forEach(asking::header);

        assertThat(sentFor(peer, heads, asking)).isEqualTo("GET / HTTP/1.1\r\nHost: TARGET\r\n\r\n");
    }

    @Test
    default void sendsMethodAndTargetAsTheyAre() throws Exception {
        BlockingQueue<String> heads = new LinkedBlockingQueue<>();
        Peer peer = keeping(heads, "");

        for (String target : new String[] {
            "/a%2Fb//c/;p=1/%e4?x=%zz&y=%", "/a|b\"{}^`?q=[1]|2", "//double", "/%41%7e", "/a?", "/a??b=/c?"
        }) {
            assertThat(sentFor(peer, heads, up().ask(peer).method("Report").path(target)))
                    .startsWith("Report " + target + " HTTP/1.1\r\n");
        }
        assertThat(sentFor(peer, heads, up().ask(peer).method("OPTIONS").path("*")))
                .startsWith("OPTIONS * HTTP/1.1\r\n");
    }

    @Test
    default void keepsNamesAndValuesOfSentFieldsAsTheyAre() throws Exception {
        BlockingQueue<String> heads = new LinkedBlockingQueue<>();
        Peer peer = keeping(heads, "");

        String sent = sentFor(
                peer,
                heads,
                up().ask(peer)
                        .header("CONTENT-type", "Text/HTML;Charset=UTF-8")
                        .header("accept-ENCODING", "gzip")
                        .header("Cookie", "a=1")
                        .header("cookie", "b=\u00fc"));

        assertThat(sent)
                .contains("\r\nCONTENT-type: Text/HTML;Charset=UTF-8\r\naccept-ENCODING: gzip\r\nCookie: a=1\r\n"
                        + "cookie: b=\u00fc\r\n");
    }

    @Test
    default void keepsValuesOfReceivedFieldsAsTheyAre() throws Exception {
        Peer peer = up().with(Peer.answering("HTTP/1.1 200 OK\r\nCONTENT-type: Text/HTML;Charset=UTF-8\r\n"
                + "set-COOKIE: a=1; path=/\r\nSet-Cookie: b=2\r\nx-Empty:\r\nx-Latin: \u00fc\r\n"
                + "cache-control: NO-store\r\ncontent-LENGTH: 0\r\n\r\n"));

        Response response = up().ask(peer).send();

        assertThat(response.headers())
                .extracting(Map.Entry::getValue)
                .containsExactly("Text/HTML;Charset=UTF-8", "a=1; path=/", "b=2", "", "\u00fc", "NO-store", "0");
    }

    @Test
    default void keepsNamesOfReceivedFieldsAsTheyAre() throws Exception {
        assertThat(namesReceivedFor("CONTENT-type", "set-COOKIE", "DATE", "x-OWN"))
                .containsExactly("CONTENT-type", "set-COOKIE", "DATE", "x-OWN");
    }

    default List<String> namesReceivedFor(String... names) throws Exception {
        Peer peer = up().with(Peer.answering("HTTP/1.1 204 X\r\n" + String.join(": v\r\n", names) + ": v\r\n\r\n"));
        List<String> received = new ArrayList<>();
        up().ask(peer).send().headers().forEach(field -> received.add(field.getKey()));
        return received;
    }

    @Test
    default void takesOffReceivedFieldsOfTheConnectionAndThoseItNames() throws Exception {
        Peer peer = up().with(Peer.answering("HTTP/1.1 200 OK\r\n"
                + "Connection: keep-alive, X-Private\r\n"
                + "Keep-Alive: timeout=5\r\n"
                + "x-private: 1\r\n"
                + "Upgrade: h2c\r\n"
                + "Transfer-Encoding: chunked\r\n"
                + "x-public: 2\r\n\r\n"
                + "0\r\n\r\n"));

        Response response = up().ask(peer).send();
        response.body().close();

        assertThat(response.headers().names()).containsExactly("x-public");
    }

    @Test
    default void keepsNoCookiesFollowsNoRedirectsAnswersNoChallengesDecodesNothing() throws Exception {
        BlockingQueue<String> heads = new LinkedBlockingQueue<>();
        Peer peer = up().peer(line -> {
            for (String head = line.readHead(); head != null; head = line.readHead()) {
                heads.add(head);
                String path = head.split(" ")[1];
                line.write(
                        "HTTP/1.1 " + path.substring(1) + " X\r\nLocation: /200\r\nWWW-Authenticate: Basic realm=x\r\n"
                                + "Proxy-Authenticate: Basic realm=x\r\nSet-Cookie: a=1\r\nContent-Encoding: gzip\r\n"
                                + "Content-Length: 2\r\n\r\nzz");
            }
        });

        for (String status : new String[] {"200", "301", "302", "307", "401", "407", "421", "500"}) {
            assertThat(up().ask(peer).path("/" + status).text()).isEqualTo(status + " zz");
        }

        assertThat(heads).hasSize(8).noneMatch(head -> head.contains("Cookie") || head.contains("Authorization"));
    }

    @Test
    default void passesInterimResponsesOnAndSwallows100() throws Exception {
        Peer peer = up().with(Peer.answering("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
                + "HTTP/1.1 100 Continue\r\n\r\n"
                + "HTTP/1.1 102 Processing\r\n\r\n"
                + "HTTP/1.1 103 Early Hints\r\nlink: </b.css>\r\n\r\n"
                + OK));

        for (int i = 0; i < 2; i++) {
            Asking asking = up().ask(peer);

            assertThat(asking.text()).isEqualTo("200 ok");

            assertThat(asking.interims).containsExactly("103 </a.css>", "102 -", "103 </b.css>");
        }
        assertThat(peer.accepted()).isEqualTo(1);
    }

    @Test
    default void takesAnInterimResponseWhileTheRequestIsStillFlowing() throws Exception {
        Peer peer = up().peer(line -> {
            line.readHead();
            line.write("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
            line.readUntil("0\r\n\r\n");
            line.write(OK);
        });
        Asking asking = up().ask(peer).post(Body.of(new ByteArrayInputStream(new byte[100]), -1));

        assertThat(asking.text()).isEqualTo("200 ok");
        assertThat(asking.interims).containsExactly("103 </a>");
    }

    @Test
    default void refusesWhatCannotBeSentBeforeAnyByteIsSent() {
        Peer peer = up().with(Peer.answering(OK));

        assertThatThrownBy(() -> up().ask(peer).path("/100%").send())
                .isInstanceOf(UnsendableRequestException.class)
                .hasMessageContaining("/100%");
        assertThatThrownBy(() ->
                        up().ask(peer).header("x-long", "x".repeat(100_000)).send())
                .isInstanceOf(UnsendableRequestException.class);
        assertThatThrownBy(() -> up().ask(peer).method("CONNECT").send())
                .isInstanceOf(UnsendableRequestException.class);
    }
}
