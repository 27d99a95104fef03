package dev.sallyport.records;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class JsonOutTest {

    private static final JsonMapper JACKSON = JsonMapper.shared();

    @Test
    void writesMembersInTheirOrder() {
        String text = new JsonOut()
                .put("a", "x")
                .put("none", null)
                .object("o")
                .put("n", -7)
                .object("e")
                .end()
                .put("b", true)
                .end()
                .json("l", "[1]")
                .text();

        assertThat(text).isEqualTo("{\"a\":\"x\",\"o\":{\"n\":-7,\"e\":{},\"b\":true},\"l\":[1]}");
    }

    @Test
    void anyTextIsReadBackByOthersAndStaysOnOneLine() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                text.append((char)
                        switch (random.nextInt(4)) {
                            case 0 -> random.nextInt(0x100);
                            case 1 -> 0xd7f0 + random.nextInt(0x820);
                            default -> 0x2020 + random.nextInt(16);
                        });
            }
            String wellFormed =
                    new String(text.toString().getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE);

            String json = new JsonOut().put("k", text.toString()).text();

            JsonNode read = JACKSON.readTree(json.getBytes(StandardCharsets.UTF_8));
            assertThat(read.path("k").asString("")).isEqualTo(wellFormed);
            assertThat(json.chars().noneMatch(c -> c < ' ' || (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029))
                    .isTrue();
        }
    }

    @Test
    void aTextIsCutBetweenCharacters() {
        String text = "x".repeat(Lines.LONGEST - 1) + "😀 and more";

        assertThat(new JsonOut().put("k", text).text())
                .isEqualTo("{\"k\":\"" + "x".repeat(Lines.LONGEST - 1) + "...\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.0",
        "999, 0.0",
        "1000, 0.001",
        "12345678, 12.345",
        "12300000, 12.3",
        "12340000, 12.34",
        "1000000000, 1000.0"
    })
    void aDurationIsWrittenToTheMicrosecond(long nanos, String written) {
        assertThat(new JsonOut().millis("d", Duration.ofNanos(nanos)).text()).isEqualTo("{\"d\":" + written + "}");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-01T00:00:00Z, 2026-01-01T00:00:00.000Z, 2026-01-01T00:00:00Z",
        "2026-11-26T22:09:07.0059Z, 2026-11-26T22:09:07.005Z, 2026-11-26T22:09:07.005Z",
        "1969-12-31T23:59:59.999Z, 1969-12-31T23:59:59.999Z, 1969-12-31T23:59:59.999Z",
    })
    void aMomentIsWrittenToTheMillisecond(Instant moment, String whole, String brief) {
        assertThat(new JsonOut().time("t", moment).text()).isEqualTo("{\"t\":\"" + whole + "\"}");
        assertThat(new JsonOut().shortTime("t", moment).text()).isEqualTo("{\"t\":\"" + brief + "\"}");
    }
}
