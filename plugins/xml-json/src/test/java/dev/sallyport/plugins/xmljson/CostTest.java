package dev.sallyport.plugins.xmljson;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Body;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.plugins.xmljson.XmlJsonConfig.Mixed;
import dev.sallyport.plugins.xmljson.XmlJsonConfig.Way;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.Requests;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a call of 2 KB costs that is turned both ways: printed, for {@code docs/proofs/soap.md}. */
@Tag("proof")
final class CostTest {

    private static final String LINE = "<line><sku>AB-1234</sku><amount>12</amount><price>1.10</price>"
            + "<note>a text of some words</note><gift>true</gift></line>";
    private static final String XML = "<order><id>4711</id>" + LINE.repeat(19) + "</order>";
    private static final String JSON = "{\"order\":{\"id\":\"4711\",\"line\":["
            + "{\"sku\":\"AB-1234\",\"amount\":12,\"price\":1.10,\"note\":\"a text of some words\",\"gift\":true},"
                    .repeat(23)
            + "{\"sku\":\"AB-1234\"}]}}";

    @Test
    void ofACallOf2KiloBytes() throws Exception {
        try (FakeContext context = FakeContext.create()) {
            Filter filter = context.create(
                    new XmlJsonFactory(),
                    XmlJsonFilterTest.config(Way.JSON_TO_XML, Way.XML_TO_JSON, Mixed.REFUSE, false));
            Request request = Requests.of("POST", "/")
                    .header("content-type", "application/json")
                    .body(Body.of(JSON))
                    .build();
            Response xml = Response.of(200, Headers.of("content-type", "text/xml"), Body.of(XML));
            int turns = 5_000;
            double best = Double.MAX_VALUE;
            for (int round = 0; round < 10; round++) {
                long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                for (int i = 0; i < turns; i++) {
                    assertThat(filter.handle(request, _ -> xml).body().length()).isPositive();
                }
                best = Math.min(
                        best, (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1e3 / turns);
            }
            System.out.printf(
                    Locale.ROOT, "xml-json: %d bytes of JSON, %d of XML: %.1f µs%n", JSON.length(), XML.length(), best);
        }
    }
}
