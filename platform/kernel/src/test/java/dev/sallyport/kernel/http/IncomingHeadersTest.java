package dev.sallyport.kernel.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Headers;
import dev.sallyport.kernel.config.Cidr;
import dev.sallyport.kernel.config.ListenerConfig.ForwardingHeader;
import dev.sallyport.kernel.config.ListenerConfig.TrustedProxies;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class IncomingHeadersTest {

    @Test
    void appendsToTheBelievedHeaderAndMakesTheOtherAnew() {
        Headers headers = incoming(
                ForwardingHeader.X_FORWARDED_FOR,
                "10.0.0.1",
                Headers.of(
                        "Host", "inner.example",
                        "X-Forwarded-For", "6.6.6.6, 203.0.113.9",
                        "x-forwarded-for", "10.2.2.2",
                        "X-Forwarded-Proto", "https",
                        "X-Forwarded-Host", "shop.example:8443",
                        "X-Forwarded-Prefix", "/shop",
                        "X_Forwarded_Prefix", "/evil",
                        "X-Real-IP", "6.6.6.6",
                        "Forwarded", "for=6.6.6.6",
                        "Via", "1.1 edge"));

        assertThat(headers)
                .isEqualTo(Headers.of(
                        "Host", "inner.example",
                        "X-Forwarded-Prefix", "/shop",
                        "Via", "1.1 edge",
                        "X-Forwarded-For", "6.6.6.6, 203.0.113.9, 10.2.2.2, 10.0.0.1",
                        "X-Forwarded-Host", "shop.example:8443",
                        "X-Forwarded-Proto", "https",
                        "X-Forwarded-Port", "8443",
                        "X-Real-IP", "203.0.113.9",
                        "Forwarded",
                                "for=203.0.113.9;host=\"shop.example:8443\";proto=https, for=10.2.2.2, for=10.0.0.1",
                        "Via", "1.1 sallyport"));
    }

    @Test
    void dropsWhatTellsOfAClientCertificate() {
        Headers told = Headers.of(
                "Host", "x",
                "Client-Cert", ":MIIB:",
                "client_cert", ":MIIB:",
                "Client-Cert-Chain", ":MIIB:",
                "X-SSL-Client-Verify", "SUCCESS",
                "SSL_CLIENT_S_DN", "CN=admin",
                "X-Client-Version", "1");

        Headers headers = incoming(ForwardingHeader.X_FORWARDED_FOR, "198.51.100.1", told);

        assertThat(headers.has("x-client-version")).isTrue();
        assertThat(headers.toString().toLowerCase(java.util.Locale.ROOT)).doesNotContain("cert", "ssl");
    }

    @Test
    void appendsToForwarded() {
        Headers headers = incoming(
                ForwardingHeader.FORWARDED,
                "2001:db8::1",
                Headers.of(
                        "Host", "shop.example",
                        "Forwarded", "for=6.6.6.6, for=\"[2001:db9::9]\";proto=https",
                        "X-Forwarded-For", "6.6.6.6",
                        "X-Forwarded-Prefix", "/evil"));

        assertThat(headers)
                .isEqualTo(Headers.of(
                        "Host", "shop.example",
                        "X-Forwarded-For", "2001:db9::9, 2001:db8::1",
                        "X-Forwarded-Host", "shop.example",
                        "X-Forwarded-Proto", "https",
                        "X-Forwarded-Port", "443",
                        "X-Real-IP", "2001:db9::9",
                        "Forwarded", "for=6.6.6.6, for=\"[2001:db9::9]\";proto=https, for=\"[2001:db8::1]\"",
                        "Via", "2.0 sallyport"));
    }

    @Test
    void makesForwardedAnewWhereAClientHasLeftAQuoteOpen() {
        Headers headers = incoming(
                ForwardingHeader.FORWARDED, "10.0.0.1", Headers.of("Forwarded", "for=\"evil, for=203.0.113.9"));

        assertThat(headers.get("forwarded")).isEqualTo("for=203.0.113.9;proto=http, for=10.0.0.1");
    }

    @Test
    void takesOffTheFieldsOfTheConnection() {
        Headers headers = incoming(
                ForwardingHeader.X_FORWARDED_FOR,
                "203.0.113.9",
                Headers.of("Accept", "*/*", "Connection", "close, x-mine", "X-Mine", "1", "TE", "trailers"));

        assertThat(headers.names())
                .containsExactly(
                        "accept",
                        "forwarded",
                        "via",
                        "x-forwarded-for",
                        "x-forwarded-port",
                        "x-forwarded-proto",
                        "x-real-ip");
    }

    private static Headers incoming(ForwardingHeader header, String peer, Headers raw) {
        ClientAddress who = new ClientAddress(
                new TrustedProxies(List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("2001:db8::/32")), header, null));
        Origin origin = who.origin(InetAddress.ofLiteral(peer), "http", raw);
        return of(raw, origin, peer.indexOf(':') < 0 ? "HTTP/1.1" : "HTTP/2");
    }

    /** Without the request's id. */
    static Headers of(Headers raw, Origin origin, String protocol) {
        return IncomingHeaders.of(raw, origin, protocol, "X-Request-ID", "id-1").without("x-request-id");
    }
}
