package dev.sallyport.plugins.elk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import dev.sallyport.api.config.Size;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BodyCaptureTest {

    private final BodyCapture capture = new BodyCapture(
            new ElkConfig.BodyConfig(Size.parse("8B"), List.of("application/json", "text/plain"), true, true));

    private static Headers type(String type) {
        return Headers.of("content-type", type);
    }

    private static Body stream(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Body.of(new ByteArrayInputStream(bytes), bytes.length);
    }

    @Test
    void keepsTheBeginningAndChangesNothing() throws IOException {
        CapturedBody body = capture.of(type("text/plain; charset=utf-8"), stream("0123456789"));

        assertThat(body.length()).isEqualTo(10);
        assertThat(body.text(100)).isEqualTo("0123456789");
        assertThat(body.text()).isEqualTo("01234567");
    }

    @Test
    void leavesOutACharacterThatIsCutOff() throws IOException {
        CapturedBody body = capture.of(type("text/plain"), stream("1234567ä"));
        body.text(100);
        assertThat(body.text()).isEqualTo("1234567");
    }

    @Test
    void readsTextInItsOwnCharset() throws IOException {
        CapturedBody body = capture.of(
                type("text/plain; charset=\"iso-8859-1\""), Body.of("ä".getBytes(StandardCharsets.ISO_8859_1)));
        body.text(100);
        assertThat(body.text()).isEqualTo("ä");
    }

    @Test
    void takesWhatIsReadAgainOnce() throws IOException {
        CapturedBody body = capture.of(type("text/plain"), Body.of("abc"));
        body.text(100);
        body.text(100);
        assertThat(body.text()).isEqualTo("abc");
    }

    @Test
    void takesJsonByAnyOfItsNames() {
        assertThat(capture.of(type("Application/JSON"), Body.of("{}"))).isNotNull();
        assertThat(capture.of(type("application/hal+json"), Body.of("{}"))).isNotNull();
    }

    @Test
    void leavesOutWhatIsNoTextOfAListedType() {
        assertThat(capture.of(type("image/png"), Body.of("x"))).isNull();
        assertThat(capture.of(Headers.empty(), Body.of("x"))).isNull();
        assertThat(capture.of(type("text/plain"), Body.empty())).isNull();
        assertThat(capture.of(type("text/plain").with("content-encoding", "gzip"), Body.of("x")))
                .isNull();
        assertThat(BodyCapture.NOTHING.of(type("text/plain"), Body.of("x"))).isNull();
    }
}
