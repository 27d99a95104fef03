package dev.sallyport.plugins.iplist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Response;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class IpListFilterTest {

    @ParameterizedTest
    @CsvSource({
        "203.0.113.9, 403",
        "203.0.113.0, 403",
        "203.0.113.255, 403",
        "203.0.112.255, 200",
        "203.0.114.0, 200",
        "2001:db8::1, 403",
        "2001:db9::1, 200",
        "::1, 200",
    })
    void deniesWhatTheListHolds(String client, int status) throws Exception {
        assertThat(answer(filter(List.of(), List.of("203.0.113.0/24", "2001:db8::/32")), client)
                        .status())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"10.1.2.3, 200", "10.2.0.0, 403", "192.0.2.1, 403", "::1, 403"})
    void allowsOnlyWhatTheListHolds(String client, int status) throws Exception {
        assertThat(answer(filter(List.of("10.1.0.0/16"), List.of()), client).status())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"10.1.2.3, 200", "10.1.2.4, 403", "10.1.0.0, 403"})
    void denyWinsOverAllow(String client, int status) throws Exception {
        IpListFilter filter = filter(List.of("10.1.2.3", "10.1.2.4"), List.of("10.1.2.4/31", "10.1.0.0/24"));

        assertThat(answer(filter, client).status()).isEqualTo(status);
    }

    @Test
    void anAllowedAddressWithinADeniedBlockIsDenied() throws Exception {
        assertThat(answer(filter(List.of("10.1.2.3"), List.of("10.0.0.0/8")), "10.1.2.3")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void aMappedAddressIsTheIpv4AddressThatItHolds() throws Exception {
        byte[] mapped = new byte[16];
        mapped[10] = -1;
        mapped[11] = -1;
        mapped[12] = (byte) 203;
        mapped[14] = 113;
        mapped[15] = 9;
        InetAddress client = Inet6Address.getByAddress(null, mapped, -1);
        assertThat(client).isInstanceOf(Inet6Address.class);

        assertThat(answer(filter(List.of(), List.of("203.0.113.0/24")), client).status())
                .isEqualTo(403);
        assertThat(answer(filter(List.of(), List.of("::ffff:203.0.113.0/120")), client)
                        .status())
                .isEqualTo(403);
        assertThat(answer(filter(List.of("::/0"), List.of()), client).status()).isEqualTo(403);
    }

    @Test
    void aZoneDoesNotMatter() throws Exception {
        byte[] bytes = InetAddress.ofLiteral("fe80::1").getAddress();

        InetAddress client = Inet6Address.getByAddress(null, bytes, 3);

        assertThat(answer(filter(List.of(), List.of("fe80::/10")), client).status())
                .isEqualTo(403);
    }

    @Test
    void answersAProblemThatTellsNothingAboutTheLists() throws Exception {
        FakeExchange exchange = FakeExchange.builder().client("203.0.113.9").build();
        FakeNext next = FakeNext.ok();

        Response response = filter(List.of(), List.of("203.0.113.0/24"))
                .handle(Requests.get("/a").exchange(exchange).build(), next);

        assertThat(response.status()).isEqualTo(403);
        assertThat(response.body().text(1000))
                .contains("\"type\":\"urn:sallyport:problem:ip-denied\"")
                .doesNotContain("203.0.113");
        assertThat(exchange.notes()).containsEntry("denied", "203.0.113.0/24");
        assertThat(next.calls()).isZero();
    }

    @Test
    void tellsWhoIsNotAmongThoseWhoMayPass() throws Exception {
        FakeExchange exchange = FakeExchange.builder().client("203.0.113.9").build();

        Response response = filter(List.of("10.0.0.0/8"), List.of())
                .handle(Requests.get("/a").exchange(exchange).build(), FakeNext.ok());

        assertThat(response.status()).isEqualTo(403);
        assertThat(response.body().text(1000)).contains("urn:sallyport:problem:ip-denied");
        assertThat(exchange.notes()).containsOnly(Map.entry("denied", "not in allow"));
    }

    @Test
    void judgesTheClientAndNotThePeerOrAHeader() throws Exception {
        FakeExchange exchange =
                FakeExchange.builder().client("192.0.2.1").peer("203.0.113.9").build();

        Response response = filter(List.of(), List.of("203.0.113.0/24"))
                .handle(
                        Requests.get("/")
                                .header("X-Forwarded-For", "203.0.113.9")
                                .exchange(exchange)
                                .build(),
                        FakeNext.ok());

        assertThat(response.status()).isEqualTo(200);
    }

    @Test
    void findsOneOfManyBlocks() throws Exception {
        List<String> blocks = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            blocks.add("10." + (i >> 8) + "." + (i & 255) + ".128/25");
        }
        IpListFilter filter = filter(List.of(), blocks);

        assertThat(answer(filter, "10.78.31.200").status()).isEqualTo(403);
        assertThat(answer(filter, "10.78.31.100").status()).isEqualTo(200);
        assertThat(answer(filter, "10.78.32.200").status()).isEqualTo(200);
    }

    private static IpListFilter filter(List<String> allow, List<String> deny) {
        IpListConfig config = new IpListConfig(
                allow.stream().map(Cidr::parse).toList(),
                deny.stream().map(Cidr::parse).toList(),
                List.of(),
                null);
        return new IpListFilter(config, List.of(), null);
    }

    private static Response answer(IpListFilter filter, String client) throws Exception {
        return answer(filter, InetAddress.ofLiteral(client));
    }

    private static Response answer(IpListFilter filter, InetAddress client) throws Exception {
        FakeExchange exchange = FakeExchange.builder().client(client).build();
        return filter.handle(Requests.get("/").exchange(exchange).build(), FakeNext.ok());
    }
}
