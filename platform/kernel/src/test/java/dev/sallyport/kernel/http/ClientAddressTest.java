package dev.sallyport.kernel.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Headers;
import dev.sallyport.kernel.config.Cidr;
import dev.sallyport.kernel.config.ListenerConfig.ForwardingHeader;
import dev.sallyport.kernel.config.ListenerConfig.TrustedProxies;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressTest {

    private static final InetAddress PROXY = address("10.0.0.1");
    private static final InetAddress STRANGER = address("198.51.100.7");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.9 | 203.0.113.9",
                "1.1.1.1, 203.0.113.9 | 203.0.113.9",
                "1.1.1.1, 203.0.113.9, 10.1.1.1, 10.2.2.2 | 203.0.113.9",
                "203.0.113.9:4711 | 203.0.113.9",
                "2001:db8::9 | 2001:db8::9",
                "[2001:db8::9]:443 | 2001:db8::9",
                "::ffff:203.0.113.9 | 203.0.113.9",
                "203.0.113.9 , , | 203.0.113.9",
                "10.3.3.3, 10.2.2.2 | 10.3.3.3",
                "unknown | 10.0.0.1",
                "203.0.113.9, unknown | 10.0.0.1",
                "203.0.113.9, unknown, 10.2.2.2 | 10.2.2.2",
                "203.0.113.09 | 10.0.0.1",
                "0177.0.0.1 | 10.0.0.1",
                "127.1 | 10.0.0.1",
                "2130706433 | 10.0.0.1",
                "1.2.3.4.5 | 10.0.0.1",
                "256.1.1.1 | 10.0.0.1",
                "localhost | 10.0.0.1",
                "fe80::1%eth0 | 10.0.0.1",
                "203.0.113.9:http | 10.0.0.1",
                "\"203.0.113.9, 203.0.113.8 | 203.0.113.8",
            })
    void findsTheRightmostUntrustedAddress(String header, String client) {
        Origin origin = trusting(ForwardingHeader.X_FORWARDED_FOR, null)
                .origin(PROXY, "http", Headers.of("x-forwarded-for", header));

        assertThat(origin.client()).isEqualTo(address(client));
        assertThat(origin.isTrusted()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "for=203.0.113.9 | 203.0.113.9 | http | -",
                "For=203.0.113.9;Proto=HTTPS;Host=a.example | 203.0.113.9 | https | a.example",
                "for=\"[2001:db8::9]:4711\";host=\"a.example:8443\" | 2001:db8::9 | http | a.example:8443",
                "for=\"203.0.113.9:_port\" | 203.0.113.9 | http | -",
                "for=1.1.1.1;proto=ftp, for=203.0.113.9;proto=https;by=10.0.0.1 | 203.0.113.9 | https | -",
                "for=203.0.113.9;proto=https, for=10.2.2.2;proto=http | 203.0.113.9 | https | -",
                "for=unknown;proto=https | 10.0.0.1 | https | -",
                "for=_hidden | 10.0.0.1 | http | -",
                "for=\"_gazonk\" | 10.0.0.1 | http | -",
                "proto=https | 10.0.0.1 | https | -",
                "for=\"evil, for=203.0.113.9;proto=https | 203.0.113.9 | https | -",
                "for=\"a\\\", for=203.0.113.9 | 203.0.113.9 | http | -",
                "for=1.1.1.1;host=\"x, for=203.0.113.9;host=\"b.example:1\" | 203.0.113.9 | http | b.example:1",
                "for=203.0.113.9;host=\"a b\" | 203.0.113.9 | http | -",
            })
    void readsForwarded(String header, String client, String scheme, String host) {
        Origin origin = trusting(ForwardingHeader.FORWARDED, null)
                .origin(PROXY, "http", Headers.of("forwarded", header, "x-forwarded-for", "9.9.9.9"));

        assertThat(origin.client()).isEqualTo(address(client));
        assertThat(origin.scheme()).isEqualTo(scheme);
        assertThat(origin.host()).isEqualTo(host.equals("-") ? null : Authority.parse(host));
    }

    @Test
    void believesNoMoreHopsThanAllowed() {
        Headers headers = Headers.of("x-forwarded-for", "203.0.113.9, 10.3.3.3, 10.2.2.2");

        assertThat(client(1, headers)).isEqualTo(address("10.2.2.2"));
        assertThat(client(2, headers)).isEqualTo(address("10.3.3.3"));
        assertThat(client(3, headers)).isEqualTo(address("203.0.113.9"));
        assertThat(client(9, headers)).isEqualTo(address("203.0.113.9"));
    }

    @Test
    void readsAllLinesOfTheHeaderAsOneList() {
        Headers headers = Headers.of("X-Forwarded-For", "1.1.1.1", "x-forwarded-for", "203.0.113.9, 10.2.2.2");

        assertThat(client(null, headers)).isEqualTo(address("203.0.113.9"));
    }

    @Test
    void takesSchemeHostAndPortAtTheClientsPlace() {
        Headers one = Headers.of(
                "host",
                "inner",
                "x-forwarded-for",
                "203.0.113.9",
                "x-forwarded-proto",
                "https",
                "x-forwarded-host",
                "shop.example",
                "x-forwarded-port",
                "8443");
        Headers lists = Headers.of(
                "host",
                "inner",
                "x-forwarded-for",
                "6.6.6.6, 203.0.113.9, 10.2.2.2",
                "x-forwarded-proto",
                "ftp, https, http",
                "x-forwarded-host",
                "evil.example, shop.example, inner.example");
        Headers rubbish = Headers.of(
                "host", "inner:81", "x-forwarded-proto", "gopher", "x-forwarded-host", "a/b", "x-forwarded-port", "x");
        ClientAddress trusting = trusting(ForwardingHeader.X_FORWARDED_FOR, null);

        Origin byOne = trusting.origin(PROXY, "http", one);
        Origin byLists = trusting.origin(PROXY, "http", lists);
        Origin byRubbish = trusting.origin(PROXY, "http", rubbish);

        assertThat(byOne.scheme() + byOne.host() + byOne.port()).isEqualTo("httpsshop.example8443");
        assertThat(byLists.scheme() + byLists.host() + byLists.port()).isEqualTo("httpsshop.example443");
        assertThat(byRubbish.scheme() + byRubbish.host() + byRubbish.port()).isEqualTo("httpinner:8181");
    }

    @Test
    void trustsNobodyByDefault() {
        Origin origin = new ClientAddress(null).origin(PROXY, "https", Headers.of("x-forwarded-for", "1.1.1.1"));

        assertThat(origin.client()).isEqualTo(PROXY);
        assertThat(origin.isTrusted()).isFalse();
        assertThat(origin.scheme()).isEqualTo("https");
    }

    /** Whatever a stranger writes, and whoever is trusted, the client is the stranger, and upstreams hear nothing else. */
    @Test
    void isNotForgedByAThousandHeadersOfUntrustedPeers() {
        Random random = new Random(1_000);
        String[] names = {
            "X-Forwarded-For", "x-forwarded-for", "Forwarded", "X-Real-IP", "X_Forwarded_For", "x-forwarded_for",
            "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Forwarded-Server",
                    "x_real_ip"
        };
        String[] pieces = {
            "10.0.0.1",
            "127.0.0.1",
            "6.6.6.6",
            "::1",
            "[::1]:80",
            "for=",
            "\"",
            ",",
            ", ",
            ";",
            "proto=https",
            "host=evil",
            "\\",
            "unknown",
            "_x",
            " ",
            "%",
            "::ffff:10.0.0.1",
            "6.6.6.6:1",
            "\t"
        };
        for (int i = 0; i < 1_000; i++) {
            Headers.Builder builder = Headers.builder(8).add("Host", "shop.example");
            for (int n = random.nextInt(4); n >= 0; n--) {
                StringBuilder value = new StringBuilder();
                for (int p = random.nextInt(8); p >= 0; p--) {
                    value.append(pieces[random.nextInt(pieces.length)]);
                }
                builder.add(names[random.nextInt(names.length)], value.toString());
            }
            if (random.nextBoolean()) {
                builder.add("Connection", names[random.nextInt(names.length)]);
            }
            Headers forged = builder.build();
            for (ClientAddress who : List.of(
                    new ClientAddress(null),
                    trusting(ForwardingHeader.X_FORWARDED_FOR, null),
                    trusting(ForwardingHeader.FORWARDED, 2))) {
                Origin origin = who.origin(STRANGER, "http", forged);

                assertThat(origin.client()).isEqualTo(STRANGER);
                assertThat(IncomingHeadersTest.of(forged, origin, "HTTP/1.1"))
                        .isEqualTo(Headers.of(
                                "Host", "shop.example",
                                "X-Forwarded-For", "198.51.100.7",
                                "X-Forwarded-Host", "shop.example",
                                "X-Forwarded-Proto", "http",
                                "X-Forwarded-Port", "80",
                                "X-Real-IP", "198.51.100.7",
                                "Forwarded", "for=198.51.100.7;host=shop.example;proto=http",
                                "Via", "1.1 sallyport"));
            }
        }
    }

    /** A client behind a proxy that appends cannot choose its address either. */
    @Test
    void isNotForgedThroughAProxyThatAppends() {
        Random random = new Random(5);
        String[] pieces = {"for=10.0.0.9", "\"", ",", ";", "\\", "\\\"", "for=\"", "6.6.6.6", "10.0.0.9", " ", "="};
        for (int i = 0; i < 5_000; i++) {
            StringBuilder forged = new StringBuilder("for=x");
            for (int p = random.nextInt(8); p >= 0; p--) {
                forged.append(pieces[random.nextInt(pieces.length)]);
            }
            Headers forwarded = Headers.of("forwarded", forged + ", for=198.51.100.7");
            Headers forwardedFor = Headers.of("x-forwarded-for", forged + ", 198.51.100.7");

            assertThat(trusting(ForwardingHeader.FORWARDED, null)
                            .origin(PROXY, "http", forwarded)
                            .client())
                    .isEqualTo(STRANGER);
            assertThat(client(null, forwardedFor)).isEqualTo(STRANGER);
        }
    }

    @Test
    void knowsBlocksOfBothFamilies() {
        AddressSet set = new AddressSet(List.of(
                Cidr.parse("10.0.0.0/8"),
                Cidr.parse("192.0.2.1"),
                Cidr.parse("2001:db8::/32"),
                Cidr.parse("::ffff:198.51.100.0/120")));

        assertThat(set.contains(address("10.255.0.1"))).isTrue();
        assertThat(set.contains(address("11.0.0.1"))).isFalse();
        assertThat(set.contains(address("192.0.2.1"))).isTrue();
        assertThat(set.contains(address("192.0.2.2"))).isFalse();
        assertThat(set.contains(address("2001:db8:1::1"))).isTrue();
        assertThat(set.contains(address("2001:db9::1"))).isFalse();
        assertThat(set.contains(address("198.51.100.200"))).isTrue();
        assertThat(set.contains(address("198.51.101.1"))).isFalse();
    }

    private static InetAddress client(Integer hops, Headers headers) {
        return trusting(ForwardingHeader.X_FORWARDED_FOR, hops)
                .origin(PROXY, "http", headers)
                .client();
    }

    private static ClientAddress trusting(ForwardingHeader header, Integer hops) {
        List<Cidr> cidrs =
                new ArrayList<>(List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("127.0.0.0/8"), Cidr.parse("::1")));
        return new ClientAddress(new TrustedProxies(cidrs, header, hops));
    }

    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }
}
