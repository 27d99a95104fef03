package dev.sallyport.plugins.grpcjson;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.util.JsonFormat;
import com.sun.management.ThreadMXBean;
import dev.sallyport.api.Body;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.plugins.grpcjson.GrpcJsonConfig.Unmatched;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.Requests;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a call with 2 KB each way costs, beside protobuf's own conversion: printed, for docs/proofs/grpc.md. */
@Tag("proof")
final class CostTest {

    private static final String ORDER = "{\"name\":\"customers/1/orders/2\",\"status\":\"OPEN\",\"items\":["
            + "{\"article\":\"a tea from far away, of the first leaves\",\"count\":12},".repeat(31)
            + "{\"article\":\"tea\",\"count\":1}],\"placedAt\":\"2026-11-26T12:00:00Z\",\"totalCents\":\"1250\"}";

    @Test
    void ofACallOf2KbEachWay() throws Exception {
        Descriptor order = GrpcServer.file().findMessageTypeByName("Order");
        byte[] json = ORDER.getBytes(StandardCharsets.UTF_8);
        DynamicMessage.Builder built = DynamicMessage.newBuilder(order);
        JsonFormat.parser().merge(ORDER, built);
        byte[] message = built.build().toByteArray();
        byte[] frame = Frames.framed(message);
        JsonFormat.Printer printer = JsonFormat.printer().omittingInsignificantWhitespace();
        JsonFormat.Parser parser = JsonFormat.parser();
        Headers head = Headers.of("content-type", "application/grpc");
        Headers trailers = Headers.of("grpc-status", "0");
        try (FakeContext context = FakeContext.create()) {
            Filter filter = new GrpcJsonFactory().create(Configs.shop(Unmatched.REFUSE), context);
            Work bare = () -> {
                DynamicMessage.Builder read = DynamicMessage.newBuilder(order);
                parser.merge(new String(json, StandardCharsets.UTF_8), read);
                byte[] sent = read.build().toByteArray();
                String answered = printer.print(DynamicMessage.parseFrom(order, message));
                return sent.length + answered.getBytes(StandardCharsets.UTF_8).length;
            };
            Work step = () -> {
                Request request = Requests.of("POST", "/v1/customers/1/orders")
                        .header("content-type", "application/json")
                        .body(Body.of(json))
                        .build();
                Response response = filter.handle(
                        request, _ -> Response.of(200, head, Body.of(frame).mapTrailers(_ -> trailers)));
                return (int) response.body().length();
            };
            assertThat(step.run()).isEqualTo(json.length);
            double[] best = {Double.MAX_VALUE, Double.MAX_VALUE};
            for (int round = 0; round < 8; round++) { // by turns, so that both meet the same machine
                best[0] = Math.min(best[0], micros(bare));
                best[1] = Math.min(best[1], micros(step));
            }
            System.out.printf(
                    Locale.ROOT,
                    "%d bytes of JSON, %d of protobuf, there and back: protobuf alone %.1f µs, the step %.1f µs: %.2f"
                            + " times%n",
                    json.length,
                    message.length,
                    best[0],
                    best[1],
                    best[1] / best[0]);
            assertThat(best[1] / best[0]).isLessThan(2);
            filter.close();
        }
    }

    private interface Work {
        int run() throws Exception;
    }

    private static double micros(Work work) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int turns = 10_000;
        long before = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < turns; i++) {
            assertThat(work.run() > 0).isTrue();
        }
        return (threads.getCurrentThreadCpuTime() - before) / 1e3 / turns;
    }
}
