package dev.sallyport.plugins.soap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Body;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.Requests;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What a call of 2 KB costs that is turned both ways, beside the same done by hand with the JDK's StAX and Jackson alone, for
 * this one message: CPU time of one thread. The figures stand in {@code docs/proofs/soap.md}.
 */
@Tag("proof")
final class CostTest {

    private static final int ROUNDS = 10;
    private static final int TURNS = 5_000;

    private static final String LINE_TYPE = """
        <xs:complexType name="Line"><xs:sequence>
          <xs:element name="sku" type="xs:string"/><xs:element name="amount" type="xs:int"/>
          <xs:element name="price" type="xs:decimal"/><xs:element name="note" type="xs:string" nillable="true"/>
          <xs:element name="gift" type="xs:boolean"/></xs:sequence></xs:complexType>
        """;
    private static final String ORDER_TYPE = """
        <xs:complexType><xs:sequence><xs:element name="id" type="xs:string"/>
          <xs:element name="line" type="t:Line" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
        """;
    private static final String JSON = "{\"id\":\"4711\",\"line\":["
            + ("{\"sku\":\"AB-1234\",\"amount\":12,\"price\":1.10,\"note\":\"a text of some words\",\"gift\":true},")
                    .repeat(23)
            + "{\"sku\":\"AB-1234\",\"amount\":12,\"price\":1.10,\"note\":\"a text of some words\",\"gift\":true}]}";
    private static final String LINE = "<line><sku>AB-1234</sku><amount>12</amount><price>1.10</price>"
            + "<note>a text of some words</note><gift>true</gift></line>";
    private static final String SOAP = "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body>"
            + "<t:opResponse xmlns:t=\"urn:t\"><id>4711</id>" + LINE.repeat(19)
            + "</t:opResponse></e:Body></e:Envelope>";

    private static final XMLInputFactory IN = XMLInputFactory.newDefaultFactory();
    private static final XMLOutputFactory OUT = XMLOutputFactory.newDefaultFactory();
    private static final JsonFactory FACTORY = new JsonFactory();

    @TempDir
    Path folder;

    private interface Work {
        void run() throws Exception;
    }

    @Test
    void ofACallOf2KiloBytes() throws Exception {
        IN.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        Path wsdl = Files.writeString(
                folder.resolve("t.wsdl"),
                Wsdls.document(
                        LINE_TYPE + "<xs:element name=\"op\">" + ORDER_TYPE
                                + "</xs:element><xs:element name=\"opResponse\">" + ORDER_TYPE + "</xs:element>",
                        "op"));
        byte[] json = JSON.getBytes(StandardCharsets.UTF_8);
        byte[] soap = SOAP.getBytes(StandardCharsets.UTF_8);
        byte[] call = SOAP.replace("opResponse", "op").getBytes(StandardCharsets.UTF_8);
        byte[] answer = JSON.getBytes(StandardCharsets.UTF_8);
        System.out.println(json.length + " bytes of JSON, " + soap.length + " of SOAP");
        try (FakeContext context = FakeContext.create()) {
            Filter rest = context.create(new SoapAsRestFactory(), Configs.soapAsRest(wsdl));
            Filter legacy = context.create(new RestAsSoapFactory(), Configs.restAsSoap(wsdl, "op"));
            Request asked = Requests.of("POST", "/op")
                    .header("content-type", "application/json")
                    .body(Body.of(json))
                    .build();
            Request called = Requests.of("POST", "/")
                    .header("content-type", "text/xml")
                    .body(Body.of(call))
                    .build();
            Response xml = Response.of(200, Headers.of("content-type", "text/xml"), Body.of(soap));
            Response back = Response.of(200, Headers.of("content-type", "application/json"), Body.of(answer));

            double bare = cost("by hand: JSON to SOAP, and SOAP to JSON", () -> {
                assertThat(byHandToXml(json)).isPositive();
                assertThat(byHandToJson(soap)).isPositive();
            });
            double there = cost("soap-as-rest: a call", () -> taken(rest.handle(asked, _ -> xml)));
            double other = cost("rest-as-soap: a call", () -> taken(legacy.handle(called, _ -> back)));
            System.out.printf(
                    Locale.ROOT, "soap-as-rest %.2f times, rest-as-soap %.2f times%n", there / bare, other / bare);
        }
    }

    private static void taken(Response response) {
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body().length()).isPositive();
    }

    private static double cost(String what, Work work) throws Exception {
        double best = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            for (int i = 0; i < TURNS; i++) {
                work.run();
            }
            best = Math.min(
                    best, (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1e3 / TURNS);
        }
        System.out.printf(Locale.ROOT, "%s: %.1f µs%n", what, best);
        return best;
    }

    /** The names of JSON as elements, in the order in which they stand there. */
    private static int byHandToXml(byte[] json) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4_096);
        XMLStreamWriter out = OUT.createXMLStreamWriter(bytes, "UTF-8");
        out.writeStartDocument("UTF-8", "1.0");
        out.writeStartElement("e", "Envelope", "http://schemas.xmlsoap.org/soap/envelope/");
        out.writeNamespace("e", "http://schemas.xmlsoap.org/soap/envelope/");
        out.writeStartElement("e", "Body", "http://schemas.xmlsoap.org/soap/envelope/");
        out.writeStartElement("t", "op", "urn:t");
        out.writeNamespace("t", "urn:t");
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
            String name = "";
            boolean array = false;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                switch (token) {
                    case PROPERTY_NAME -> name = parser.currentName();
                    case START_ARRAY -> array = true;
                    case END_ARRAY -> array = false;
                    case START_OBJECT -> {
                        if (array) {
                            out.writeStartElement("line");
                        }
                    }
                    case END_OBJECT -> {
                        if (array) {
                            out.writeEndElement();
                        }
                    }
                    default -> {
                        out.writeStartElement(name);
                        out.writeCharacters(parser.getString());
                        out.writeEndElement();
                    }
                }
            }
        }
        out.writeEndDocument();
        out.close();
        return bytes.size();
    }

    /** Elements as members, with what is known of them: which are numbers, and that lines are an array. */
    private static int byHandToJson(byte[] soap) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4_096);
        InputStream in = new ByteArrayInputStream(soap);
        XMLStreamReader reader = IN.createXMLStreamReader(in);
        boolean lines = false;
        String text = "";
        try (JsonGenerator out = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
            while (reader.hasNext()) {
                switch (reader.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        String name = reader.getLocalName();
                        if (name.equals("opResponse")) {
                            out.writeStartObject();
                        } else if (name.equals("line")) {
                            if (!lines) {
                                out.writeName("line");
                                out.writeStartArray();
                                lines = true;
                            }
                            out.writeStartObject();
                        }
                    }
                    case XMLStreamConstants.CHARACTERS -> text = reader.getText();
                    case XMLStreamConstants.END_ELEMENT -> {
                        String name = reader.getLocalName();
                        switch (name) {
                            case "line" -> out.writeEndObject();
                            case "opResponse" -> {
                                out.writeEndArray();
                                out.writeEndObject();
                            }
                            case "Body", "Envelope" -> {
                                // around it
                            }
                            default -> {
                                out.writeName(name);
                                if (name.equals("amount")) {
                                    out.writeNumber(Integer.parseInt(text));
                                } else if (name.equals("price")) {
                                    out.writeNumber(text);
                                } else if (name.equals("gift")) {
                                    out.writeBoolean(text.equals("true"));
                                } else {
                                    out.writeString(text);
                                }
                            }
                        }
                    }
                    default -> {
                        // nothing
                    }
                }
            }
        }
        return bytes.size();
    }
}
