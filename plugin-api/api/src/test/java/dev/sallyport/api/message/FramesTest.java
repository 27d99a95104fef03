package dev.sallyport.api.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sallyport.api.message.FrameReader.ViolationException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What RFC 6455 says of frames, by its own examples and rules. */
final class FramesTest {

    private final List<Message> read = new ArrayList<>();

    private void read(boolean masked, String hex, int part) throws IOException, ViolationException {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        FrameReader reader = new FrameReader(masked, 70_000);
        for (int at = 0; at < bytes.length; at += part) {
            reader.read(bytes, at, Math.min(part, bytes.length - at), read::add);
        }
    }

    private int violation(boolean masked, String hex) {
        return catchThrowableOfType(ViolationException.class, () -> read(masked, hex, 1))
                .code();
    }

    /** §5.7 */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 1000})
    void readsTheExamplesOfTheRfc(int part) throws Exception {
        read(false, "81 05 48 65 6c 6c 6f", part);
        read(true, "81 85 37 fa 21 3d 7f 9f 4d 51 58", part);
        read(false, "01 03 48 65 6c 80 02 6c 6f", part);

        assertThat(read)
                .hasSize(3)
                .allSatisfy(message ->
                        assertThat(((Message.Text) message).content()).isEqualTo("Hello"));
    }

    /** §5.4: control frames may stand between the fragments of a message. */
    @Test
    void readsAPingBetweenFragments() throws Exception {
        read(false, "01 03 48 65 6c 89 01 41 80 02 6c 6f", 1);

        assertThat(read.getFirst()).isInstanceOf(Message.Ping.class);
        assertThat(((Message.Text) read.getLast()).content()).isEqualTo("Hello");
    }

    /** §8.1: a character may be cut in two by fragments; what counts is the whole. */
    @Test
    void readsACharacterThatIsCutInTwo() throws Exception {
        read(false, "01 01 c3 80 01 a9", 1);

        assertThat(((Message.Text) read.getFirst()).content()).isEqualTo("é");
    }

    /** §5.2, §5.4, §5.5, §5.1 */
    @ParameterizedTest
    @CsvSource({
        "c1 00, a reserved bit",
        "83 00, an unknown opcode",
        "8b 00, an unknown control opcode",
        "80 00, a continuation of nothing",
        "01 00 01 00, a message inside of another",
        "09 00, a ping in fragments",
        "89 7e 00 7e, a ping of 126 bytes",
        "88 01 03, a close frame of one byte",
        "88 02 03 ed, the code 1005",
        "88 02 03 e7, the code 999",
        "88 02 03 ec, the code 1004",
        "82 7f 80 00 00 00 00 00 00 00, a length whose first bit is set",
        "81 80 00 00 00 00, a masked frame of a server"
    })
    void refusesWhatBreaksTheProtocol(String hex, String what) {
        assertThat(violation(false, hex)).as(what).isEqualTo(1002);
    }

    @Test
    void refusesAFrameOfAClientThatIsNotMasked() {
        assertThat(violation(true, "81 00 00 00 00 00")).isEqualTo(1002);
    }

    /** §8.1, §7.4.1 */
    @ParameterizedTest
    @ValueSource(strings = {"81 01 ff", "81 02 c0 80", "81 03 ed a0 80", "01 01 c3 80 00", "88 03 03 e8 ff"})
    void refusesWhatIsNotUtf8(String hex) {
        assertThat(violation(false, hex)).isEqualTo(1007);
    }

    /** §7.4.1: 1009, "too big for it to process". 70,001 is refused by the head alone, whatever follows. */
    @ParameterizedTest
    @ValueSource(strings = {"82 7f 00 00 00 00 00 01 11 71", "82 7f 7f ff ff ff ff ff ff ff"})
    void refusesAMessageThatIsTooLargeByItsHead(String hex) {
        assertThat(violation(false, hex)).isEqualTo(1009);
    }

    @Test
    void countsTheFragmentsOfAMessageTogether() {
        String fragment = "7e ff ff" + " 00".repeat(65535);

        assertThat(violation(false, "02 " + fragment + "00 " + fragment)).isEqualTo(1009);
    }

    @Test
    void whatIsWrittenIsReadAgain() throws Exception {
        Random random = new Random(1);
        for (boolean masks : new boolean[] {false, true}) {
            for (int length : new int[] {0, 1, 125, 126, 127, 65_535, 65_536, 69_999}) {
                byte[] content = new byte[length];
                random.nextBytes(content);
                Frame frame = new Frame(masks);
                frame.add(Message.binary(content));
                frame.add(new Message.Close(1008, "x".repeat(200)));
                List<Message> back = new ArrayList<>();
                FrameReader reader = new FrameReader(masks, 70_000);
                int cut = random.nextInt(frame.count());
                reader.read(frame.bytes(), 0, cut, back::add);
                reader.read(frame.bytes(), cut, frame.count() - cut, back::add);

                assertThat(((Message.Binary) back.getFirst()).bytes()).isEqualTo(content);
                assertThat(back.getLast()).isEqualTo(new Message.Close(1008, "x".repeat(123)));
            }
        }
    }

    /** Whatever bytes come, they are read or refused, and no more is kept than a message may have. */
    @Test
    void noBytesBreakIt() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            try {
                new FrameReader(random.nextBoolean(), 100).read(bytes, 0, bytes.length, message -> {
                    assertThat(message.size()).isLessThanOrEqualTo(125);
                });
            } catch (ViolationException e) {
                assertThat(e.code()).isIn(1002, 1007, 1009);
            }
        }
    }

    @Test
    void aReasonIsCutBetweenCharacters() {
        ByteArrayOutputStream reason = new ByteArrayOutputStream();
        reason.writeBytes("a".repeat(122).getBytes(UTF_8));
        reason.writeBytes("é".getBytes(UTF_8));

        assertThat(Utf8.cut(reason.toString(UTF_8), 123)).hasSize(122);
    }
}
