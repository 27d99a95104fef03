package dev.sallyport.plugins.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.AdminPages.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StaticFilesTest {

    private static final String ASSET = "/assets/app-3fA9_x2k.js";

    private final StaticFiles files = new StaticFiles();

    private static FakeCall call() {
        return new FakeCall(new FakeAdmin(), "GET", "/");
    }

    private static byte[] bytes(Answer answer) {
        byte[] bytes = new byte[answer.body().remaining()];
        answer.body().duplicate().get(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/index.html", "/routes", "/routes/orders/steps", "/%2e%2e/secret", "/..%2fsecret"})
    void answersThePageForEveryPathThatThePageTellsApart(String path) {
        Answer answer = files.answer(call(), path);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers().get("content-type")).isEqualTo("text/html; charset=utf-8");
        assertThat(answer.headers().get("cache-control")).isEqualTo("no-cache");
        assertThat(new String(bytes(answer), StandardCharsets.UTF_8)).startsWith("<!doctype html>");
    }

    @Test
    void letsBrowsersKeepWhatHasAHashInItsName() {
        Answer answer = files.answer(call(), ASSET);

        assertThat(answer.headers().get("content-type")).isEqualTo("text/javascript; charset=utf-8");
        assertThat(answer.headers().get("cache-control")).isEqualTo("public, max-age=31536000, immutable");
        assertThat(answer.headers().get("vary")).isEqualTo("accept-encoding");
        assertThat(answer.headers().has("content-encoding")).isFalse();
    }

    @Test
    void sendsWhatTheBuildHasCompressed() throws IOException {
        Answer answer = files.answer(call().with("accept-encoding", "br, gzip;q=0.8"), ASSET);

        assertThat(answer.headers().get("content-encoding")).isEqualTo("gzip");
        byte[] plain = new GZIPInputStream(new ByteArrayInputStream(bytes(answer))).readAllBytes();
        assertThat(plain).isEqualTo(bytes(files.answer(call(), ASSET)));
    }

    @Test
    void sendsPlainToThoseWhoRefuseGzip() {
        Answer answer = files.answer(call().with("accept-encoding", "gzip;q=0, br"), ASSET);

        assertThat(answer.headers().has("content-encoding")).isFalse();
    }

    @Test
    void sendsNothingAgainThatTheBrowserHas() {
        String tag = files.answer(call(), "/").headers().get("etag", "");

        Answer again = files.answer(call().with("if-none-match", "\"other\", W/" + tag), "/");

        assertThat(again.status()).isEqualTo(304);
        assertThat(again.body().remaining()).isZero();
        assertThat(again.headers().get("etag")).isEqualTo(tag);
    }

    @Test
    void tellsTheTwoEncodingsApartByTheirTags() {
        Answer plain = files.answer(call(), ASSET);
        Answer gzip = files.answer(call().with("accept-encoding", "gzip"), ASSET);

        assertThat(gzip.headers().get("etag")).isNotEqualTo(plain.headers().get("etag"));
    }

    @Test
    void hasNoPageInThePlaceOfAMissingAsset() {
        assertThat(files.answer(call(), "/assets/app-00000000.js").status()).isEqualTo(404);
    }

    @Test
    void tellsBrowsersToLoadNothingFromElsewhereAndToFrameItNowhere() {
        Answer answer = files.answer(call(), "/");

        assertThat(answer.headers().get("content-security-policy"))
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'")
                .doesNotContain("unsafe");
        assertThat(answer.headers().get("x-content-type-options")).isEqualTo("nosniff");
        assertThat(answer.headers().get("referrer-policy")).isEqualTo("no-referrer");
        assertThat(answer.headers().get("cross-origin-opener-policy")).isEqualTo("same-origin");
        assertThat(answer.headers().get("cross-origin-resource-policy")).isEqualTo("same-origin");
        assertThat(answer.headers().has("permissions-policy")).isTrue();
    }
}
