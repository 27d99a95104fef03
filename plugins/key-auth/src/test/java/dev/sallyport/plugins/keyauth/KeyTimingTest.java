package dev.sallyport.plugins.keyauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import dev.sallyport.testkit.Timings;
import org.junit.jupiter.api.Test;

/** How much of a wrong key is right cannot be measured. */
final class KeyTimingTest {

    private static final String KEY = "sp_k1_Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF";

    @Test
    void aKeyOfWhichAllButTheLastLetterIsRightTakesAsLongAsAnyOther() throws Exception {
        String almost = KEY.substring(0, KEY.length() - 1) + "_";
        String wrong = "sp_k1_" + "x".repeat(KEY.length() - 6);
        try (FakeContext context = FakeContext.builder()
                .credential(Keys.MOBILE, new KeyCredential(KeyHash.of(KEY), "k1", null))
                .build()) {
            Filter filter = context.create(new KeyAuthFactory(), Keys.inHeader());

            double odds = Timings.odds(key -> send(filter, key), almost, wrong, 10_000);

            assertThat(odds).isBetween(0.42, 0.58);
        }
    }

    private static void send(Filter filter, String key) throws Exception {
        int status = filter.handle(Requests.get("/").header("x-api-key", key).build(), FakeNext.ok())
                .status();
        if (status != 401) {
            throw new AssertionError(status);
        }
    }
}
