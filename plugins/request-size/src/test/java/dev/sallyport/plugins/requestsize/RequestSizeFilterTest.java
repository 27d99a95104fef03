package dev.sallyport.plugins.requestsize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.Body;
import dev.sallyport.api.BodyTooLargeException;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.Size;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import dev.sallyport.testkit.TrackedBody;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestSizeFilterTest {

    private final FakeContext context = FakeContext.create();

    @AfterEach
    void closeContext() {
        context.close();
    }

    @Test
    void refusesByTheLengthWithoutReading() throws Exception {
        TrackedBody body = TrackedBody.of("12345");
        FakeExchange exchange = FakeExchange.create();
        FakeNext next = FakeNext.ok();

        Response response = create(4, false)
                .handle(Requests.of("POST", "/").body(body).exchange(exchange).build(), next);

        assertThat(response.status()).isEqualTo(413);
        assertThat(response.body().text(1_000))
                .contains("urn:sallyport:problem:body-too-large")
                .contains("the limit is 4 bytes");
        assertThat(next.calls()).isZero();
        assertThat(body.opens()).isZero();
        assertThat(exchange.notes()).containsEntry("length", 5L);
    }

    @Test
    void passesABodyOfTheLimitOnAsItIs() throws Exception {
        TrackedBody body = TrackedBody.of("1234");
        FakeNext next = FakeNext.ok();

        create(4, false).handle(Requests.of("POST", "/").body(body).build(), next);

        assertThat(next.request().body()).isSameAs(body);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void breaksOffABodyWithoutALengthOnceTooManyBytesHaveCome(boolean byteByByte) throws Exception {
        FakeNext next = FakeNext.ok();

        create(4, false).handle(streamed("12345"), next);

        try (InputStream passed = next.request().body().open()) {
            ByteArrayOutputStream seen = new ByteArrayOutputStream();
            assertThatExceptionOfType(BodyTooLargeException.class)
                    .isThrownBy(() -> read(passed, byteByByte, seen))
                    .returns(4L, BodyTooLargeException::limit);
            assertThat(seen.size()).isLessThanOrEqualTo(4);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void passesABodyWithoutALengthOnUpToTheLimit(boolean byteByByte) throws Exception {
        FakeNext next = FakeNext.ok();

        create(4, false).handle(streamed("1234"), next);

        try (InputStream passed = next.request().body().open()) {
            ByteArrayOutputStream seen = new ByteArrayOutputStream();
            read(passed, byteByByte, seen);
            assertThat(seen).hasToString("1234");
        }
    }

    private static void read(InputStream from, boolean byteByByte, ByteArrayOutputStream to) throws IOException {
        if (!byteByByte) {
            from.transferTo(to);
            return;
        }
        for (int read = from.read(); read >= 0; read = from.read()) {
            to.write(read);
        }
    }

    @Test
    void wantsALengthWhereAsked() throws Exception {
        Response response = create(4, true).handle(streamed("1"), FakeNext.ok());

        assertThat(response.status()).isEqualTo(411);
        assertThat(response.body().text(1_000)).contains("urn:sallyport:problem:length-required");
    }

    @Test
    void letsARequestWithoutABodyPassWhereNoneIsAllowed() throws Exception {
        FakeNext next = FakeNext.ok();

        Response response = create(0, true).handle(Requests.get("/").build(), next);

        assertThat(response.status()).isEqualTo(200);
    }

    @Test
    void explainsByTheLength() throws Exception {
        Request large = Requests.of("POST", "/").body(Body.of("12345")).build();

        assertThat(create(4, false).explain(large))
                .isEqualTo(new Explanation.Answers(413, "Body too large: the limit is 4 bytes"));
    }

    private Filter create(long max, boolean lengthRequired) {
        return context.create(new RequestSizeFactory(), new RequestSizeConfig(new Size(max), lengthRequired));
    }

    private static Request streamed(String text) {
        return Requests.of("POST", "/")
                .body(Body.of(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), -1))
                .build();
    }
}
