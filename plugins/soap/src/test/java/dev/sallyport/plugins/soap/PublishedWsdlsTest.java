package dev.sallyport.plugins.soap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.sallyport.plugins.soap.Contract.Message;
import dev.sallyport.plugins.soap.Contract.Operation;
import dev.sallyport.plugins.soap.EnvelopeReader.Envelope;
import dev.sallyport.xml.JsonTrees;
import dev.sallyport.xml.Value;
import dev.sallyport.xml.Value.Obj;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Node;

/**
 * Each operation of WSDLs that others have published, both its messages, made at random by their schemas: from SOAP to JSON and
 * back it is the same XML, from JSON to SOAP and back the same JSON.
 */
final class PublishedWsdlsTest {

    private static final Path FOLDER = Path.of("src/test/resources/wsdl");
    private static final int TIMES = Integer.getInteger("sallyport.soap.times", 10);
    private static final JsonTrees JSON = new JsonTrees(100);

    private static final List<String> CMIS = List.of(
            "RepositoryService",
            "NavigationService",
            "ObjectService",
            "MultiFilingService",
            "DiscoveryService",
            "VersioningService",
            "RelationshipService",
            "PolicyService",
            "ACLService");

    record Case(
            String wsdl, @Nullable String service, @Nullable String port) {

        Contract contract() throws Exception {
            return ContractReader.read(new SoapFiles(FOLDER.resolve(wsdl)), service, port);
        }
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        CMIS.forEach(service -> cases.add(new Case("cmis/CMISWS-Service.wsdl", service, null)));
        cases.add(new Case("uddi/uddi_v2_service.wsdl", "UDDI_Service", "Inquire"));
        cases.add(new Case("uddi/uddi_v2_service.wsdl", "UDDI_Service", "Publish"));
        cases.add(new Case("cxf/header_rpc_lit.wsdl", "SOAPHeaderService", null));
        return cases;
    }

    static Stream<Case> published() {
        return cases().stream();
    }

    @ParameterizedTest
    @MethodSource("published")
    void eachOperationComesBackAsItWent(Case published) throws Exception {
        Contract contract = published.contract();

        assertThat(contract.operations()).isNotEmpty();
        for (Operation operation : contract.operations().values()) {
            for (int seed = 0; seed < TIMES; seed++) {
                roundTrip(contract, operation.input(), seed);
                if (operation.output() != null) {
                    roundTrip(contract, operation.output(), seed);
                }
            }
        }
    }

    private static void roundTrip(Contract contract, Message message, int seed) throws Exception {
        Model model = contract.model();
        Soap version = seed % 2 == 0 ? Soap.V1_1 : Soap.V1_2;
        String sent = Instances.envelope(model, version, message.headers(), message.body(), seed);

        byte[] json = JSON.write(value(model, message, sent.getBytes(StandardCharsets.UTF_8)));
        byte[] back =
                new EnvelopeWriter(model, true, false, 100, 1_000_000).write(version, message, JSON.read(json), "");
        byte[] again = JSON.write(value(model, message, back));

        assertThat(Canonical.of(back))
                .as(new String(json, StandardCharsets.UTF_8))
                .isEqualTo(Canonical.of(sent.getBytes(StandardCharsets.UTF_8)));
        assertThat(new String(again, StandardCharsets.UTF_8)).isEqualTo(new String(json, StandardCharsets.UTF_8));
    }

    private static Value value(Model model, Message message, byte[] xml) throws Exception {
        EnvelopeReader reader = new EnvelopeReader(model, 100, true, _ -> true);
        Envelope envelope = reader.read(xml, null, _ -> message.body(), java.util.Map.of());
        Value body = envelope.body() == null ? new Obj() : envelope.body();
        Obj headers = reader.headers(envelope.headers(), message.headers(), false);
        return headers == null ? body : ((Obj) body).put(EnvelopeWriter.HEADERS_KEY, headers);
    }

    @Test
    void thereAreMoreThanSixtyOperations() throws Exception {
        int count = 0;
        for (Case published : cases()) {
            count += published.contract().operations().size();
        }

        System.out.println(count + " operations");
        assertThat(count).isGreaterThan(60);
    }

    /** What is made of JSON is what the JDK's own validator of schemas takes. */
    @ParameterizedTest
    @MethodSource("published")
    void whatIsWrittenIsValidByTheSchemas(Case published) throws Exception {
        if (published.wsdl().startsWith("cxf")) {
            return; // the wrappers of rpc are in no schema
        }
        boolean cmis = published.wsdl().startsWith("cmis");
        Schema schema = schema(FOLDER.resolve(cmis ? "cmis/CMIS-Messaging.xsd" : "uddi/uddi_v2.xsd"));
        Contract contract = published.contract();
        for (Operation operation : contract.operations().values()) {
            String sent = Instances.envelope(
                    contract.model(), Soap.V1_1, List.of(), operation.input().body(), 7);
            Value value = value(contract.model(), operation.input(), sent.getBytes(StandardCharsets.UTF_8));
            byte[] written = new EnvelopeWriter(contract.model(), true, false, 100, 1_000_000)
                    .write(Soap.V1_1, operation.input(), value, "");

            Node body = body(written);
            removeAny(body); // a strict wildcard takes what is declared alone
            assertThatCode(() -> schema.newValidator().validate(new DOMSource(body)))
                    .as(new String(written, StandardCharsets.UTF_8))
                    .doesNotThrowAnyException();
        }
    }

    private static Node body(byte[] envelope) throws Exception {
        Document document = DocumentBuilderFactory.newDefaultNSInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(envelope));
        return document.getDocumentElement().getLastChild().getFirstChild();
    }

    private static void removeAny(Node node) {
        Node child = node.getFirstChild();
        while (child != null) {
            Node next = child.getNextSibling();
            if ("urn:any".equals(child.getNamespaceURI())) {
                node.removeChild(child);
            } else {
                removeAny(child);
            }
            child = next;
        }
    }

    private static Schema schema(Path file) throws Exception {
        SchemaFactory factory = SchemaFactory.newDefaultInstance();
        factory.setResourceResolver((_, namespace, _, systemId, base) -> {
            if (!"http://www.w3.org/XML/1998/namespace".equals(namespace)) {
                return null;
            }
            org.w3c.dom.ls.LSInput input = domImplementation().createLSInput();
            input.setCharacterStream(new StringReader(Wsdl.XML_ATTRIBUTES));
            return input;
        });
        return factory.newSchema(file.toFile());
    }

    private static org.w3c.dom.ls.DOMImplementationLS domImplementation() {
        try {
            return (org.w3c.dom.ls.DOMImplementationLS) DocumentBuilderFactory.newDefaultNSInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .getFeature("LS", "3.0");
        } catch (javax.xml.parsers.ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }
}
