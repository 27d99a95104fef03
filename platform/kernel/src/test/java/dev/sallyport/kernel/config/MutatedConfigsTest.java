package dev.sallyport.kernel.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A valid configuration, changed at random places: each is read or refused with a place, none breaks the reader. */
final class MutatedConfigsTest {

    private static final int COUNT = Boolean.getBoolean("sallyport.proof") ? 200_000 : 3_000;
    private static final String[] PIECES = {
        "[",
        "]",
        "{",
        "}",
        ":",
        ": ",
        "- ",
        "\n",
        "\n  ",
        "#",
        "&a ",
        "*a",
        "'",
        "\"",
        "\\",
        "|",
        ">",
        "!x ",
        "%",
        "@",
        "~",
        "null",
        "${env:X}",
        "${",
        "<<: *a",
        "\t",
        "\u0000",
        "\u00e9",
        "\ud83d\ude00",
        "0",
        "-1",
        "99999999999999999999",
        "---\n",
        "...\n",
        "? ",
        ",",
        "use",
        "a".repeat(300)
    };

    @TempDir
    Path home;

    @Test
    void neverBreaksTheReader() throws IOException {
        String valid = ConfigReaderTest.sample();
        Folder folder = new Folder(home);
        Random random = new Random(42);
        for (int i = 0; i < COUNT; i++) {
            String text = mutate(valid, random);
            folder.write("conf/gateway.yaml", text);

            Reading reading = Assertions.assertTimeoutPreemptively(Duration.ofSeconds(30), folder::read, text);

            assertThat(reading.config() == null)
                    .as(() -> text + reading.problems())
                    .isEqualTo(!reading.errors().isEmpty());
            assertThat(reading.problems()).as(text).allSatisfy(problem -> {
                assertThat(problem.place().line()).isPositive();
                assertThat(problem.place().column()).isPositive();
                assertThat(problem.place().file()).isNotEmpty();
                assertThat(problem.message()).isNotBlank();
            });
        }
    }

    private static String mutate(String valid, Random random) {
        StringBuilder text = new StringBuilder(valid);
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(text.length());
            int length = Math.min(random.nextInt(12), text.length() - at);
            switch (random.nextInt(5)) {
                case 0 -> text.delete(at, at + length);
                case 1 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
                case 2 -> text.replace(at, at + length, PIECES[random.nextInt(PIECES.length)]);
                case 3 -> text.insert(random.nextInt(text.length()), text.substring(at, at + length));
                default -> deleteLine(text, at);
            }
        }
        // Half of a surrogate pair becomes a question mark.
        return new String(text.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static void deleteLine(StringBuilder text, int at) {
        int start = text.lastIndexOf("\n", at) + 1;
        int end = text.indexOf("\n", at);
        if (end > start) {
            text.delete(start, end);
        }
    }
}
