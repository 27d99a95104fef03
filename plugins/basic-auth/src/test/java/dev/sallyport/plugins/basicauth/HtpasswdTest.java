package dev.sallyport.plugins.basicauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Consumer;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HtpasswdTest {

    @TempDir
    private Path folder;

    @Test
    void readsUsersAndLeavesCommentsAndEmptyLinesOut() throws Exception {
        Path file = write("# users\n\nanna:" + Logins.bcryptText("a", 4) + "\n" + "ben:" + Logins.bcryptText("b", 4)
                + ":a comment\n");

        assertThat(Htpasswd.read(file)).containsOnlyKeys("anna", "ben");
    }

    @Test
    void tellsAllMistakesWithTheirLinesAndNoPassword() throws Exception {
        Path file = write("anna:" + Logins.bcryptText("a", 4) + "\nben:$apr1$lZL6V/ci$eIMz/iKDkbtys/uU7LEK00\n"
                + "carl\ndora:plain-password\nanna:" + Logins.bcryptText("a", 4) + "\n");

        assertThatExceptionOfType(Htpasswd.UnreadableException.class)
                .isThrownBy(() -> Htpasswd.read(file))
                .withMessageContaining("users:2: user ben has a hash by MD5")
                .withMessageContaining("users:3: no user and colon")
                .withMessageContaining("users:4: user dora has no hash")
                .withMessageContaining("users:5: user anna (expected: each user once)")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("plain-password"));
    }

    @Test
    void aStepWithAFileThatCannotBeUsedIsRefused() {
        try (FakeContext context = FakeContext.create()) {
            assertThatExceptionOfType(ConfigException.class)
                    .isThrownBy(
                            () -> context.create(new BasicAuthFactory(), Logins.config(folder.resolve("absent"), null)))
                    .returns("htpasswd", ConfigException::key)
                    .withMessageContaining("(expected: a file of at most 10MiB)");
        }
    }

    @Test
    void aUserOfTheFileIsTheConsumerOfThatName() throws Exception {
        Path file = write("staff:" + Logins.bcryptText("pw", 4) + "\nother:" + Logins.bcryptText("pw", 4) + "\n");
        Consumer staff = new Consumer("staff", List.of("g"), Map.of());
        try (FakeContext context = FakeContext.builder().consumer(staff).build()) {
            Filter filter = context.create(new BasicAuthFactory(), Logins.config(file, null));
            FakeExchange first = FakeExchange.create();
            FakeExchange second = FakeExchange.create();

            send(filter, first, "staff", "pw");
            send(filter, second, "other", "pw");

            assertThat(first.consumer()).isEqualTo(staff);
            assertThat(second.consumer()).isEqualTo(new Consumer("other"));
        }
    }

    @Test
    void refusesAUserWhoIsConfiguredToo() throws Exception {
        Path file = write("job:" + Logins.bcryptText("pw", 4) + "\n");
        try (FakeContext context = Logins.context().build()) {
            assertThatExceptionOfType(ConfigException.class)
                    .isThrownBy(() -> context.create(new BasicAuthFactory(), Logins.config(file, null)))
                    .withMessageContaining("users: user job (expected: not also a user of the configuration)");
        }
    }

    @Test
    void readsTheFileAgainWhenItChangesAndKeepsWhatItHadWhereThatIsBroken() throws Exception {
        Path file = write("anna:" + Logins.bcryptText("old", 4) + "\n");
        try (FakeContext context = FakeContext.create()) {
            Filter filter = context.create(new BasicAuthFactory(), Logins.config(file, null));
            assertThat(status(filter, "anna", "old")).isEqualTo(200);

            write("anna:" + Logins.bcryptText("new", 4) + "\nben:" + Logins.bcryptText("b", 4) + "\n");
            await().until(() -> status(filter, "anna", "new") == 200);
            assertThat(status(filter, "anna", "old")).isEqualTo(401);
            assertThat(status(filter, "ben", "b")).isEqualTo(200);

            write("anna:plain\n");
            await().until(() -> context.log().stream().anyMatch(line -> line.contains("serves on")));
            assertThat(context.log()).anyMatch(line -> line.contains("users:1: user anna has no hash"));
            assertThat(context.log().toString()).doesNotContain("plain");
            assertThat(status(filter, "anna", "new")).isEqualTo(200);

            Files.delete(file);
            await().until(() ->
                    context.log().stream().anyMatch(line -> line.contains("(expected: a file of at most 10MiB)")));
            assertThat(status(filter, "anna", "new")).isEqualTo(200);
        }
    }

    private static int status(Filter filter, String user, String password) throws Exception {
        return send(filter, FakeExchange.create(), user, password).status();
    }

    private static Response send(Filter filter, FakeExchange exchange, String user, String password) throws Exception {
        return filter.handle(
                Requests.get("/")
                        .header("authorization", Logins.header(user, password))
                        .exchange(exchange)
                        .build(),
                FakeNext.ok());
    }

    private Path write(String text) throws Exception {
        return Files.writeString(folder.resolve("users"), text);
    }
}
