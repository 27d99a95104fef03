package dev.sallyport.plugins.basicauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import dev.sallyport.testkit.Timings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Neither how much of a password is right nor whether there is such a user can be measured. */
final class PasswordTimingTest {

    private static final String PASSWORD = "correct horse battery staple";
    private static final int ROUNDS = 1_500;

    private final FakeContext context = FakeContext.builder()
            .credential(Logins.ANNA, new BasicCredential(null, Logins.bcrypt(PASSWORD), null))
            .build();

    @SuppressWarnings("NullAway.Init") // made before each test
    private Filter filter;

    @BeforeEach
    void create() {
        filter = context.create(new BasicAuthFactory(), Logins.config());
    }

    @AfterEach
    void closeContext() {
        context.close();
    }

    @Test
    void aPasswordOfWhichAllButTheLastLetterIsRightTakesAsLongAsAnyOther() throws Exception {
        double odds = Timings.odds(
                password -> send("anna", password), "correct horse battery stapl_", "x".repeat(28), ROUNDS);

        assertThat(odds).isBetween(0.42, 0.58);
    }

    @Test
    void aUserWhoIsNotThereTakesAsLongAsOneWhoIs() throws Exception {
        double odds = Timings.odds(user -> send(user, "x".repeat(28)), "anna", "alan", ROUNDS);

        assertThat(odds).isBetween(0.42, 0.58);
    }

    private void send(String user, String password) throws Exception {
        int status = filter.handle(
                        Requests.get("/")
                                .header("authorization", Logins.header(user, password))
                                .build(),
                        FakeNext.ok())
                .status();
        if (status != 401) {
            throw new AssertionError(status);
        }
    }
}
