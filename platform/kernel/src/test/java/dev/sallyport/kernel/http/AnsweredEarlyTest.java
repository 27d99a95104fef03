package dev.sallyport.kernel.http;

import static dev.sallyport.kernel.http.ListenerFixture.readTo;
import static dev.sallyport.kernel.http.ListenerFixture.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.kernel.chain.LiveExchange;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Requests over HTTP/1.1 that are answered before their bodies have come: the client sends them all the same, and then its
 * next request. What belongs to a body must never be taken for a request.
 */
@Timeout(60)
final class AnsweredEarlyTest {

    private static final String BODY = "GET /body HTTP/1.1\r\nHost: x\r\n\r\n".repeat(60);
    private static final String HEAD = head("Content-Length: " + BODY.length());

    private final Set<String> paths = ConcurrentHashMap.newKeySet();
    private ListenerFixture gateway;

    private static String head(String field) {
        return "POST /head HTTP/1.1\r\nHost: x\r\n" + field + "\r\n\r\n";
    }

    @BeforeEach
    void listen() throws IOException {
        gateway = new ListenerFixture();
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private Response answer(Request request) {
        paths.add(request.target().path());
        return Response.text(200, "answered");
    }

    private static String answer(Socket client) throws IOException {
        return readTo(client, "answered");
    }

    @Test
    void theConnectionGoesOnBehindABodyThatNobodyReads() throws IOException {
        theConnectionGoesOnBehind(HEAD, BODY);
    }

    @Test
    void theConnectionGoesOnBehindABodyInChunksThatNobodyReads() throws IOException {
        String chunks = Integer.toHexString(BODY.length()) + "\r\n" + BODY + "\r\n0\r\n\r\n";
        theConnectionGoesOnBehind(head("Transfer-Encoding: chunked"), chunks);
    }

    private void theConnectionGoesOnBehind(String head, String body) throws IOException {
        gateway.answering(this::answer);
        try (Socket client = gateway.connect()) {
            for (int requests = 0; requests < 20; requests++) {
                send(client, head);
                assertThat(answer(client)).startsWith("HTTP/1.1 200 ");
                send(client, body);
            }
        }
        assertThat(paths).containsExactly("/head");
    }

    @Test
    void theConnectionGoesOnWhileAnotherThreadStillReadsTheBody() throws IOException {
        gateway.answering(request -> {
            ((LiveExchange) request.exchange()).runner().execute(() -> readToItsEnd(request));
            return answer(request);
        });
        try (Socket client = gateway.connect()) {
            for (int requests = 0; requests < 3000; requests++) {
                send(client, HEAD);
                for (int spins = requests % 100 * 50; spins > 0; spins--) { // to meet each moment of the answer
                    Thread.onSpinWait();
                }
                send(client, BODY);
                assertThat(answer(client)).as("answer %s", requests).startsWith("HTTP/1.1 200 ");
            }
        }
        assertThat(paths).containsExactly("/head");
    }

    /** As an upload to a target does. */
    private static void readToItsEnd(Request request) {
        try (InputStream body = request.body().open()) {
            body.skip(Long.MAX_VALUE);
        } catch (IOException | IllegalStateException over) {
            // the answer was given meanwhile
        }
    }

    @Test
    void whatIsLongCostsTheConnection() throws IOException {
        gateway.answering(this::answer);

        String all = gateway.ask(head("Content-Length: 300000"));

        assertThat(all).startsWith("HTTP/1.1 200 ").endsWith("answered");
    }

    @Test
    void aClientThatWaitsToBeAskedForItsBodyIsNotWaitedFor() throws IOException {
        gateway.answering(this::answer);

        String all = gateway.ask(head("Expect: 100-continue\r\nContent-Length: 10"));

        assertThat(all).startsWith("HTTP/1.1 200 ").endsWith("answered");
    }
}
