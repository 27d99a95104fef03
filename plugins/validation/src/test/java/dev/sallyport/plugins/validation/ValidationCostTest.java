package dev.sallyport.plugins.validation;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sallyport.api.Body;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.Requests;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a check costs: CPU time and memory of one thread. The figures stand in {@code docs/proofs/validation.md}. */
@Tag("proof")
final class ValidationCostTest {

    private static final String ORDER = """
        {"type": "object", "required": ["id", "customer", "lines"], "additionalProperties": false,
         "properties": {
           "id": {"type": "string", "format": "uuid"},
           "at": {"type": "string", "format": "date-time"},
           "note": {"type": "string", "maxLength": 500},
           "customer": {"$ref": "#/components/schemas/Customer"},
           "lines": {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/Line"}}}}
        """;
    private static final String CUSTOMER = """
        {"type": "object", "required": ["name", "mail"],
         "properties": {"name": {"type": "string", "minLength": 1}, "mail": {"type": "string", "format": "email"},
                        "country": {"enum": ["DE", "FR", "IT"]}, "age": {"type": "integer", "minimum": 18}}}
        """;
    private static final String LINE = """
        {"type": "object", "required": ["sku", "amount"], "additionalProperties": false,
         "properties": {"sku": {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{4}$"}, "amount": {"type": "integer", "minimum": 1},
                        "price": {"type": "number", "exclusiveMinimum": 0}, "tags": {"type": "array", "items": {"type": "string"}}}}
        """;

    @TempDir
    Path folder;

    @Test
    void costOfABodyOf2KiB() throws Exception {
        ObjectNode root = (ObjectNode) JsonMapper.shared().readTree(ORDER);
        ObjectNode schemas = root.putObject("components").putObject("schemas");
        schemas.set("Customer", JsonMapper.shared().readTree(CUSTOMER));
        schemas.set("Line", JsonMapper.shared().readTree(LINE));
        Path document = Files.writeString(
                folder.resolve("api.json"),
                "{\"openapi\": \"3.1.0\", \"paths\": {\"/orders/{id}\": {\"put\": {\"parameters\": [{\"name\": \"id\","
                    + " \"in\": \"path\", \"required\": true, \"schema\": {\"type\": \"integer\"}}, {\"name\":"
                    + " \"expand\", \"in\": \"query\", \"schema\": {\"type\": \"array\", \"items\": {\"enum\": [\"a\","
                    + " \"b\"]}}}], \"requestBody\": {\"content\": {\"application/json\": {\"schema\": {\"$ref\":"
                    + " \"#/components/schemas/Order\"}}}}, \"responses\": {}}}}, \"components\": {\"schemas\":"
                    + " {\"Order\": " + ORDER
                        + ", \"Customer\": " + CUSTOMER
                        + ", \"Line\": " + LINE + "}}}");
        byte[] body = body();
        assertThat(body.length).isBetween(1_900, 2_200);
        try (FakeContext context = FakeContext.create()) {
            Filter schema = JsonSchemas.filter(context, JsonSchemas.request(root.toString()));
            Filter api = OpenApis.filter(context, OpenApis.requests(document));
            BodyCheck check =
                    JsonSchemaFactory.make(JsonSchemas.request(root.toString())).value();
            JsonReader reader = new JsonReader(100);

            measure("reading 2 KiB of JSON alone", () -> reader.read(body));
            measure("reading it and the schema, without the step", () -> check.check(body, Schemas.Direction.NEITHER));
            measure("json-schema, a body of 2 KiB", () -> handle(schema, put(body)));
            measure("openapi, the same with a path and a query", () -> handle(api, put(body)));
            measure("openapi, path and query without a body", () -> handle(api, put(new byte[0])));
            byte[] wrong = new String(body, StandardCharsets.UTF_8)
                    .replace("\"amount\":1", "\"amount\":0")
                    .getBytes(StandardCharsets.UTF_8);
            measure("openapi, a refusal with 12 errors", () -> handle(api, put(wrong)));
            schema.close();
            api.close();
        }
    }

    private static Request put(byte[] body) {
        return Requests.of("PUT", "/orders/17?expand=a&expand=b")
                .header("content-type", "application/json")
                .body(Body.of(body))
                .build();
    }

    private static Object handle(Filter filter, Request request) throws Exception {
        return filter.handle(request, passed -> Response.of(200));
    }

    private static byte[] body() {
        ObjectNode order = JsonMapper.shared().createObjectNode();
        order.put("id", "0199f0c2-5a60-7a4c-b5d1-8f6d2c3b4a5e")
                .put("at", "2026-01-31T12:00:00Z")
                .put("note", "n".repeat(700));
        order.putObject("customer")
                .put("name", "Ada")
                .put("mail", "ada@example.com")
                .put("country", "DE")
                .put("age", 36);
        for (int i = 0; i < 20; i++) {
            order.withArray("lines")
                    .addObject()
                    .put("sku", "AB-" + (1_000 + i))
                    .put("amount", i < 12 ? 1 : 2)
                    .put("price", 9.99)
                    .putArray("tags")
                    .add("red");
        }
        return order.toString().getBytes(StandardCharsets.UTF_8);
    }

    private interface Work {
        Object run() throws Exception;
    }

    private static void measure(String what, Work work) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int rounds = 20_000;
        double best = Double.MAX_VALUE;
        double bytes = 0;
        for (int i = 0; i < 8; i++) {
            long allocated = threads.getCurrentThreadAllocatedBytes();
            long start = threads.getCurrentThreadCpuTime();
            for (int round = 0; round < rounds; round++) {
                assertThat(work.run() != null).isTrue();
            }
            best = Math.min(best, (threads.getCurrentThreadCpuTime() - start) / 1e3 / rounds);
            bytes = (threads.getCurrentThreadAllocatedBytes() - allocated) / (double) rounds;
        }
        System.out.printf(Locale.ROOT, "%s: %.1f µs, %.0f KiB%n", what, best, bytes / 1_024);
    }
}
