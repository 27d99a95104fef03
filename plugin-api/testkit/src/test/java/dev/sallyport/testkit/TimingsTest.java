package dev.sallyport.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.junit.jupiter.api.Test;

final class TimingsTest {

    private static final String SECRET = "correct horse battery staple";

    private volatile int sink;

    @Test
    void findsNothingWhereTheTimeSaysNothing() throws Exception {
        double odds = Timings.odds(this::hash, "correct horse battery stapl_", "x".repeat(28), 5_000);

        assertThat(odds).isBetween(0.42, 0.58);
    }

    /** A control: what compares letter by letter, and does some work for each, is found out. */
    @Test
    void findsAComparisonThatEndsWhereTheyDiffer() throws Exception {
        double odds = Timings.odds(this::leaky, "correct horse battery stapl_", "x".repeat(28), 5_000);

        assertThat(odds).isGreaterThan(0.9);
    }

    @Test
    void saysWhichOfTheTwoTakesLonger() throws Exception {
        double odds = Timings.odds(this::hash, "a", "a".repeat(100_000), 200);

        assertThat(odds).isLessThan(0.1);
    }

    private void hash(String text) throws NoSuchAlgorithmException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        sink += digest[0];
    }

    private void leaky(String text) throws NoSuchAlgorithmException {
        for (int i = 0; i < text.length() && text.charAt(i) == SECRET.charAt(i); i++) {
            hash(text.substring(i));
        }
        hash(text);
    }
}
