package dev.sallyport.plugins.soap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Body;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Response;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is sent to do harm gets an answer with a place, and costs next to nothing. */
final class AttacksTest {

    private static final String START =
            "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body><t:echo xmlns:t=\"urn:t\">";
    private static final String END = "</t:echo></e:Body></e:Envelope>";

    @TempDir
    Path folder;

    private final FakeContext context = FakeContext.create();

    @AfterEach
    void close() {
        context.close();
    }

    static Stream<Arguments> xml() throws IOException {
        String lol = "<!DOCTYPE l [<!ENTITY a \"ha\">"
                + Stream.iterate(1, i -> i < 30, i -> i + 1)
                        .map(i -> "<!ENTITY " + (char) ('a' + i % 26) + i + " \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">")
                        .reduce("", String::concat)
                + "]>";
        return Stream.of(
                Arguments.of(
                        "external entity",
                        "<!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/passwd\">]>" + START + "<text>&f;</text>" + END),
                Arguments.of("external DTD", "<!DOCTYPE x SYSTEM \"http://127.0.0.1:1/x.dtd\">" + START + END),
                Arguments.of(
                        "parameter entity",
                        "<!DOCTYPE x [<!ENTITY % p SYSTEM \"file:///etc/passwd\"> %p;]>" + START + END),
                Arguments.of("billion laughs", lol + START + "<text>&b1;</text>" + END),
                Arguments.of(
                        "quadratic",
                        "<!DOCTYPE x [<!ENTITY a \"" + "a".repeat(50_000) + "\">]>" + START + "<text>"
                                + "&a;".repeat(10_000) + "</text>" + END),
                Arguments.of("entity without a DTD", START + "<text>&a;</text>" + END),
                Arguments.of("DTD alone", "<!DOCTYPE x>" + START + END),
                Arguments.of("deep", START + "<text>".repeat(100_000)),
                Arguments.of("many attributes", START.replace("<t:echo", "<t:echo" + attributes(30_000)) + END),
                Arguments.of("long name", START + "<" + "a".repeat(300_000) + "/>" + END),
                Arguments.of("many prefixes", START.replace("<t:echo", "<t:echo" + prefixes(30_000)) + END),
                Arguments.of("prefixes within each other", START + nested(60) + END),
                Arguments.of("not closed", START),
                Arguments.of("two roots", START + END + START + END),
                Arguments.of("nothing", ""),
                Arguments.of("no XML", "{}"),
                Arguments.of("NUL", START + "<text>\0</text>" + END),
                Arguments.of("character that XML has not", START + "<text>&#1;</text>" + END),
                Arguments.of("no envelope", "<a/>"),
                Arguments.of("another element", START.replace("echo", "other") + END.replace("echo", "other")));
    }

    private static String attributes(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(" a").append(i).append("=\"\"");
        }
        return text.toString();
    }

    private static String prefixes(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(" xmlns:p").append(i).append("=\"u\"");
        }
        return text.toString();
    }

    private static String nested(int depth) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            text.append("<any").append(prefixes(150)).append('>');
        }
        return text.toString();
    }

    private Path wsdl() throws IOException {
        return Files.writeString(folder.resolve("t.wsdl"), Wsdls.document("""
            <xs:element name="echo"><xs:complexType><xs:sequence>
              <xs:element name="text" type="xs:string" minOccurs="0"/>
              <xs:any minOccurs="0" maxOccurs="unbounded" processContents="skip"/>
            </xs:sequence></xs:complexType></xs:element>
            <xs:element name="echoResponse"><xs:complexType><xs:sequence>
              <xs:element name="text" type="xs:string" minOccurs="0"/>
              <xs:any minOccurs="0" maxOccurs="unbounded" processContents="skip"/>
            </xs:sequence></xs:complexType></xs:element>
            """, "echo"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("xml")
    void aRequestOfSoapIsRefusedWithItsPlace(String name, String xml) throws Exception {
        Filter filter = context.create(new RestAsSoapFactory(), Configs.restAsSoap(wsdl(), "echo"));
        FakeNext next = FakeNext.ok();

        long before = allocated();
        Response response = filter.handle(
                Requests.of("POST", "/")
                        .header("content-type", "text/xml")
                        .body(Body.of(xml))
                        .build(),
                next);

        assertThat(text(response)).contains("line 1, column ").doesNotContain("root:");
        assertThat(response.status()).isEqualTo(500); // as SOAP 1.1 has it
        assertThat(next.calls()).isZero();
        assertThat(allocated() - before).isLessThan(100L << 20);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("xml")
    void anAnswerOfSoapIsWithheldWithItsPlace(String name, String xml) throws Exception {
        Filter filter = context.create(new SoapAsRestFactory(), Configs.soapAsRest(wsdl()));
        FakeNext next = FakeNext.answering(Response.of(
                200, Headers.of("content-type", "text/xml"), Body.of(xml.replace("t:echo", "t:echoResponse"))));

        Response response = filter.handle(
                Requests.of("POST", "/echo")
                        .header("content-type", "application/json")
                        .body(Body.of("{}"))
                        .build(),
                next);

        assertThat(response.status()).isEqualTo(502);
        if (!xml.isEmpty()) {
            assertThat(text(response)).contains("\"line\":1", "\"column\":").doesNotContain("root:");
        }
    }

    @Test
    void invalidUtf8HasAPlace() throws Exception {
        Filter filter = context.create(new RestAsSoapFactory(), Configs.restAsSoap(wsdl(), "echo"));
        byte[] xml = (START + "\n<text>ü?</text>" + END).getBytes(StandardCharsets.UTF_8);
        xml[new String(xml, StandardCharsets.ISO_8859_1).indexOf('?')] = (byte) 0xff;

        Response response = filter.handle(
                Requests.of("POST", "/")
                        .header("content-type", "text/xml")
                        .body(Body.of(xml))
                        .build(),
                FakeNext.ok());

        assertThat(text(response)).contains("line 2, column 8: no UTF-8");
    }

    static Stream<Arguments> json() {
        return Stream.of(
                Arguments.of("deep", "{\"any\":" + "[".repeat(100_000), "\"line\":1"),
                Arguments.of("deep objects", "{\"a\":".repeat(100_000), "\"line\":1"),
                Arguments.of("cut off", "{\"text\":\"a", "\"line\":1"),
                Arguments.of("name twice", "{\"text\":\"a\",\"text\":\"b\"}", "\"line\":1"),
                Arguments.of("long number", "{\"text\":" + "1".repeat(100_000) + "}", "\"line\":1"),
                Arguments.of("more after it", "{} {}", "\"line\":1"),
                Arguments.of("character that XML has not", "{\"text\":\"\\u0001\"}", "\"pointer\":\"/text\""),
                Arguments.of("half a pair", "{\"text\":\"\\ud800\"}", "\"pointer\":\"/text\""),
                Arguments.of("another member", "{\"<x/>\":1}", "\"pointer\":\"/<x~1>\""),
                Arguments.of("a tag too much", "{\"#any\":[\"</t:echo><x/>\"]}", "\"pointer\":\"/#any/0\""),
                Arguments.of("a DTD in XML", "{\"#any\":[\"<!DOCTYPE x><x/>\"]}", "\"pointer\":\"/#any/0\""),
                Arguments.of("an array", "[]", "an array (expected: an object)"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("json")
    void aRequestOfJsonIsRefusedWithItsPlace(String name, String json, String place) throws Exception {
        Filter filter = context.create(new SoapAsRestFactory(), Configs.soapAsRest(wsdl()));
        FakeNext next = FakeNext.ok();

        Response response = filter.handle(
                Requests.of("POST", "/echo")
                        .header("content-type", "application/json")
                        .body(Body.of(json))
                        .build(),
                next);

        assertThat(response.status()).isEqualTo(400);
        assertThat(text(response)).contains(place);
        assertThat(next.calls()).isZero();
    }

    @Test
    void aQueryOfManyDotsIsRefused() throws Exception {
        Filter filter = context.create(
                new SoapAsRestFactory(),
                Configs.soapAsRest(
                        wsdl(),
                        SoapAsRestConfig.Others.REFUSE,
                        SoapAsRestConfig.Headers.DECLARED,
                        java.util.Map.of("echo", new SoapAsRestConfig.Mapping("GET", "/echo", "*", "*", 200))));

        Response response = filter.handle(
                Requests.get("/echo?" + "n.".repeat(1_000) + "m=1").build(), FakeNext.ok());

        assertThat(response.status()).isEqualTo(400);
        assertThat(text(response)).contains("more than 100 dots");
    }

    @Test
    void aDeclarationOutsideIsNotHeldForEachPart() throws Exception {
        Filter filter = context.create(new RestAsSoapFactory(), Configs.restAsSoap(wsdl(), "echo"));
        String far = START.replace("<e:Envelope", "<e:Envelope xmlns:p=\"" + "u".repeat(1_000) + "\"");
        String block = far.replace("<e:Body>", "<e:Header>" + "<p:a/>".repeat(100_000) + "</e:Header><e:Body>");

        assertThat(text(filter.handle(soap(far + "<p:a/>".repeat(100_000) + END), FakeNext.ok())))
                .contains("repeat too often");
        FakeNext next = FakeNext.answering(Response.json(200, "{}"));
        assertThat(filter.handle(soap(block + END), next).status()).isEqualTo(200); // nobody asks for the blocks
    }

    private static dev.sallyport.api.Request soap(String xml) {
        return Requests.post("/", xml).header("content-type", "text/xml").build();
    }

    @Test
    void fewBytesOfJsonDoNotBecomeMuchXml() throws Exception {
        String name = "a".repeat(900);
        Path wsdl = Files.writeString(
                folder.resolve("long.wsdl"),
                Wsdls.document(
                        "<xs:element name='echo'><xs:complexType><xs:sequence><xs:element name='" + name
                                + "' type='xs:int' maxOccurs='unbounded'/></xs:sequence></xs:complexType></xs:element>"
                                + "<xs:element name='echoResponse'/>",
                        "echo"));
        Filter filter = context.create(new SoapAsRestFactory(), Configs.soapAsRest(wsdl));

        Response response = filter.handle(
                Requests.post("/echo", "{\"" + name + "\":[0" + ",0".repeat(400_000) + "]}")
                        .header("content-type", "application/json")
                        .build(),
                FakeNext.ok());

        assertThat(response.status()).isEqualTo(400);
        assertThat(text(response)).contains("more XML than");
    }

    @Test
    void aBodyThatIsTooLongIs413AlsoOutOfGzip() throws Exception {
        Filter filter = context.create(new SoapAsRestFactory(), Configs.soapAsRest(wsdl()));
        java.io.ByteArrayOutputStream zipped = new java.io.ByteArrayOutputStream();
        try (java.util.zip.GZIPOutputStream gzip = new java.util.zip.GZIPOutputStream(zipped)) {
            gzip.write(("{\"text\":\"" + "a".repeat(2_000_000) + "\"}").getBytes(StandardCharsets.UTF_8));
        }

        Response response = filter.handle(
                Requests.of("POST", "/echo")
                        .header("content-type", "application/json")
                        .header("content-encoding", "gzip")
                        .body(Body.of(zipped.toByteArray()))
                        .build(),
                FakeNext.ok());

        assertThat(response.status()).isEqualTo(413);
    }

    private static String text(Response response) throws IOException {
        try (InputStream in = response.body().open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
