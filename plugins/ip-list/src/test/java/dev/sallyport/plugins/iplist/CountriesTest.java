package dev.sallyport.plugins.iplist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Filter;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CountriesTest {

    @TempDir
    private Path folder;

    private Path database;

    @BeforeEach
    void write() throws IOException {
        database = Files.write(
                folder.resolve("countries.mmdb"),
                Mmdb.of(Map.of("192.0.2.0/25", "DE", "198.51.100.0/24", "FR", "2001:db8::/32", "AT")));
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, DE",
        "192.0.2.200, ",
        "198.51.100.9, FR",
        "2001:db8::1, AT",
        "::1, ",
        "203.0.113.1, ",
    })
    void knowsWhereAnAddressIs(String address, String code) throws Exception {
        assertThat(new Countries(database).of(InetAddress.ofLiteral(address))).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1, 200", "198.51.100.9, 403", "2001:db8::1, 403", "203.0.113.1, 403", "203.0.113.2, 200"})
    void allowsWholeCountriesBesideAddresses(String client, int status) throws Exception {
        CountriesConfig countries = new CountriesConfig(database, List.of("DE", "AT"), List.of("AT"));

        assertThat(answer(
                        new IpListConfig(List.of(Cidr.parse("203.0.113.2")), List.of(), List.of(), countries), client))
                .isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1, 200", "198.51.100.9, 403", "203.0.113.1, 200"})
    void deniesWholeCountries(String client, int status) throws Exception {
        CountriesConfig countries = new CountriesConfig(database, List.of(), List.of("FR"));

        assertThat(answer(new IpListConfig(List.of(), List.of(), List.of(), countries), client))
                .isEqualTo(status);
    }

    @Test
    void readsAReplacedDatabaseAndKeepsTheOldOneWhereTheNewIsBroken() throws Exception {
        Countries countries = new Countries(database);
        InetAddress address = InetAddress.ofLiteral("192.0.2.1");
        assertThat(countries.refresh()).isFalse();

        replace(Mmdb.of(Map.of("192.0.2.0/25", "CH")), "2026-11-24T09:30:00Z");
        assertThat(countries.refresh()).isTrue();
        assertThat(countries.of(address)).isEqualTo("CH");

        replace("no database".getBytes(StandardCharsets.UTF_8), "2026-11-24T09:31:00Z");
        assertThatThrownBy(countries::refresh).isInstanceOf(IOException.class);
        assertThat(countries.of(address)).isEqualTo("CH");
        assertThat(countries.refresh()).as("told once").isFalse();
    }

    @Test
    void refusesWhatIsNoDatabase() throws Exception {
        Files.writeString(database, "no database");
        CountriesConfig countries = new CountriesConfig(database, List.of(), List.of("FR"));

        try (FakeContext context = FakeContext.create()) {
            assertThatThrownBy(() -> context.create(
                            new IpListFactory(), new IpListConfig(List.of(), List.of(), List.of(), countries)))
                    .isInstanceOfSatisfying(
                            ConfigException.class, e -> assertThat(e.key()).isEqualTo("countries.database"))
                    .hasMessageContaining("(expected: a database in MaxMind's format)");
        }
    }

    private void replace(byte[] bytes, String modified) throws IOException {
        Files.write(database, bytes);
        Files.setLastModifiedTime(database, FileTime.from(Instant.parse(modified)));
    }

    private static int answer(IpListConfig config, String client) throws Exception {
        try (FakeContext context = FakeContext.create()) {
            Filter filter = context.create(new IpListFactory(), config);
            FakeExchange exchange = FakeExchange.builder().client(client).build();
            return filter.handle(Requests.get("/").exchange(exchange).build(), FakeNext.ok())
                    .status();
        }
    }
}
