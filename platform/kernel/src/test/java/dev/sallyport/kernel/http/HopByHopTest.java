package dev.sallyport.kernel.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Headers;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HopByHopTest {

    @Test
    void takesOffTheFieldsOfTheConnectionAndThoseThatItNames() {
        Headers headers = Headers.of(
                "Host",
                "a",
                "Connection",
                "Keep-Alive, X-One",
                "connection",
                " x-two ,,",
                "Keep-Alive",
                "timeout=5",
                "Proxy-Connection",
                "keep-alive",
                "TE",
                "trailers",
                "Transfer-Encoding",
                "chunked",
                "Upgrade",
                "websocket",
                "HTTP2-Settings",
                "AAA",
                "Proxy-Authorization",
                "Basic x",
                "Expect",
                "100-continue",
                "X-One",
                "1",
                "x-TWO",
                "2",
                "X-Three",
                "3",
                "Trailer",
                "x-sum");

        assertThat(HopByHop.strip(headers)).isEqualTo(Headers.of("Host", "a", "X-Three", "3", "Trailer", "x-sum"));
    }

    @Test
    void returnsTheSameFieldsWhereThereIsNothingToTakeOff() {
        Headers headers = Headers.of("Host", "a", "Accept", "*/*");

        assertThat(HopByHop.strip(headers)).isSameAs(headers);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host",
                "Content-Length",
                "Authorization",
                "Cookie",
                "Forwarded",
                "X-Forwarded-For",
                "X-Forwarded-Whatever",
                "X-Real-IP",
                "Via",
                "Cache-Control",
                "Content-Type"
            })
    void keepsFieldsThatOthersRelyOnAlsoWhereConnectionNamesThem(String name) {
        Headers headers = Headers.of(name, "1", "Connection", "close, " + name);

        assertThat(HopByHop.strip(headers)).isEqualTo(Headers.of(name, "1"));
    }

    @Test
    void neverKeepsAConnectionFieldWhateverConnectionSays() {
        Random random = new Random(11);
        String[] names = {"Connection", "TE", "te", "Upgrade", "Keep-Alive", "transfer-encoding", "X-A", "x-b", "Host"};
        for (int i = 0; i < 2_000; i++) {
            Headers.Builder builder = Headers.builder(6);
            for (int n = random.nextInt(6); n >= 0; n--) {
                builder.add(names[random.nextInt(names.length)], names[random.nextInt(names.length)]);
            }
            assertThat(HopByHop.strip(builder.build()).names()).isSubsetOf("x-a", "x-b", "host");
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "upgrade, websocket, websocket",
                "'keep-alive, Upgrade', WebSocket, websocket",
                "keep-alive, websocket, -",
                "upgrade, 'websocket, foo', websocket",
                "upgrade, h2c, -",
                "upgrade, '', -"
            })
    void knowsTheProtocolAskedFor(String connection, String upgrade, String protocol) {
        assertThat(HopByHop.upgrade(Headers.of("Connection", connection, "Upgrade", upgrade)))
                .isEqualTo(protocol);
    }

    @Test
    void knowsWhetherTrailersAreTaken() {
        assertThat(HopByHop.acceptsTrailers(Headers.of("TE", "gzip, Trailers"))).isTrue();
        assertThat(HopByHop.acceptsTrailers(Headers.of("TE", "gzip"))).isFalse();
        assertThat(HopByHop.acceptsTrailers(Headers.empty())).isFalse();
    }

    @Test
    void addsTheGatewayToVia() {
        assertThat(Via.added(Headers.of("Via", "1.0 fred"), "HTTP/1.1"))
                .isEqualTo(Headers.of("Via", "1.0 fred", "Via", "1.1 sallyport"));
        assertThat(Via.added(Headers.empty(), "HTTP/2")).isEqualTo(Headers.of("Via", "2.0 sallyport"));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "OPTIONS, 5, 4",
                "TRACE, 1, 0",
                "OPTIONS, 0, -",
                "GET, 0, 0",
                "TRACE, x, x",
                "TRACE, 99999999999, 2147483646"
            })
    void countsHopsDown(String method, String before, String after) {
        Headers spent = MaxForwards.spent(method, Headers.of("Max-Forwards", before));

        assertThat(spent == null ? null : spent.get("max-forwards")).isEqualTo(after);
    }
}
