package dev.sallyport.plugins.accesslog;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.plugins.accesslog.AccessLogConfig.Format;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.Requests;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What a line costs: printed, for docs/proofs/access-log.md. */
@Tag("proof")
final class CostTest {

    private static final int TURNS = 100_000;

    private final Ended ended = ended();

    @Test
    void ofEachFormatBesideAConstantAndATreeThatJacksonWrites() throws Exception {
        String constant = Writing.of(Configs.of(new Format.Json(), new Destination.Stdout()))
                .line(ended);
        cost("a constant of the same length", () -> constant);
        cost("json", Configs.of(new Format.Json(), new Destination.Stdout()));
        cost("ecs", Configs.of(new Format.Ecs(), new Destination.Stdout()));
        cost("combined", Configs.of(new Format.Combined(), new Destination.Stdout()));
        cost(
                "a template of six expressions",
                Configs.template("{client.address} {consumer} \"{method} {uri}\" {completion.status} {requestId}"));
        cost(
                "six fields",
                Configs.fields(
                        new Format.Fields(),
                        "client",
                        "client.address",
                        "consumer",
                        "consumer",
                        "method",
                        "method",
                        "uri",
                        "uri",
                        "status",
                        "completion.status",
                        "id",
                        "requestId"));
        JsonMapper jackson = JsonMapper.shared();
        cost("json, as a map that Jackson writes", () -> jackson.writeValueAsString(map()));
    }

    private void cost(String what, AccessLogConfig config) throws Exception {
        Writing writing = Writing.of(config);
        cost(what, () -> writing.line(ended));
    }

    /** The line itself, and the line with its way through queue and thread to an output that takes everything. */
    private static void cost(String what, Supplier<String> line) throws Exception {
        double made = 0;
        for (int round = 0; round < 8; round++) {
            long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            long length = 0;
            for (int i = 0; i < TURNS; i++) {
                length += line.get().length();
            }
            made = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1e3 / TURNS;
            if (length < TURNS) {
                throw new IllegalStateException("nothing was made");
            }
        }
        System.out.printf(
                "%s: %d bytes, made in %.2f µs, made and written in %.2f µs of processor time%n",
                what, line.get().getBytes(StandardCharsets.UTF_8).length, made, written(line));
    }

    private static double written(Supplier<String> line) throws Exception {
        double cost = 0;
        for (int round = 0; round < 4; round++) {
            try (FakeContext context = FakeContext.create()) {
                Counts counts = new Counts(context.meter(), () -> 0);
                long before = ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                        .getProcessCpuTime();
                LineWriter writer = new LineWriter(Output::joined, "test", context.logger());
                for (int i = 0; i < TURNS; i++) {
                    writer.write(line.get(), 1 << 30, counts);
                }
                writer.close();
                cost = (((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                                        .getProcessCpuTime()
                                - before)
                        / 1e3
                        / TURNS;
            }
        }
        return cost;
    }

    private static Ended ended() {
        FakeExchange exchange = FakeExchange.builder()
                .id("0194f0a2-7e0c-7c3d-9d3c-0a1b2c3d4e5f")
                .listener("web")
                .route("orders")
                .protocol("HTTP/2")
                .client("203.0.113.9")
                .tls(new Exchange.Tls("TLSv1.3", "TLS_AES_128_GCM_SHA256", "api.example.com", List.of()))
                .consumer(new Consumer("mobile"))
                .attempt(new Attempt(1, "orders", URI.create("http://127.0.0.1:9001")))
                .build();
        Completion completion =
                new Completion(200, 0, 3456, Duration.ofNanos(12_345_678), Completion.Outcome.COMPLETED, null);
        exchange.put(Completion.OF_EXCHANGE, completion);
        Request request = Requests.get("/orders/7?full=yes&page=3")
                .header("Host", "api.example.com")
                .header("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
                .header("Referer", "https://shop.example.com/cart?step=2")
                .exchange(exchange)
                .build();
        return new Ended(request, Response.of(200), completion);
    }

    private Map<String, Object> map() {
        Exchange exchange = ended.request().exchange();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", exchange.startedAt().toString());
        line.put("requestId", exchange.id());
        line.put("client", exchange.client().getHostAddress());
        line.put("consumer", "mobile");
        line.put("method", ended.request().method());
        line.put("scheme", exchange.scheme());
        line.put("host", ended.request().header("host"));
        line.put("path", ended.request().path());
        line.put("query", ended.request().target().query());
        line.put("protocol", exchange.protocol());
        line.put("tls", "TLSv1.3");
        line.put("status", ended.completion().status());
        line.put("outcome", "completed");
        line.put("requestBytes", ended.completion().requestBytes());
        line.put("responseBytes", ended.completion().responseBytes());
        line.put("durationMillis", 12.345);
        line.put("listener", exchange.listener());
        line.put("route", exchange.route());
        line.put("upstream", "orders");
        line.put("target", "http://127.0.0.1:9001");
        line.put("attempts", 1);
        line.put("userAgent", ended.request().header("user-agent"));
        line.put("referer", ended.request().header("referer"));
        return line;
    }
}
