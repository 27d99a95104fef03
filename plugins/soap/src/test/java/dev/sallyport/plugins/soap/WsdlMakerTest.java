package dev.sallyport.plugins.soap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.plugins.soap.Contract.Operation;
import dev.sallyport.plugins.soap.RestAsSoapConfig.Mapping;
import dev.sallyport.xml.JsonTrees;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** WSDLs that are made of JSON Schemas. */
final class WsdlMakerTest {

    private static Contract made(Map<String, Object> schema) throws Exception {
        String wsdl = new WsdlMaker("Shop", "urn:example:shop?a&b")
                .make(Map.of("op", new Mapping("POST", "/op", "*", "*", schema, Map.of())));
        SoapFiles files = new SoapFiles(Path.of("made.wsdl"));
        files.add(files.main(), wsdl);
        return ContractReader.read(files, "Shop", null);
    }

    private static String xml(Map<String, Object> schema, String json) throws Exception {
        Contract contract = made(schema);
        Operation operation = Objects.requireNonNull(contract.operations().get("op"));
        byte[] written = new EnvelopeWriter(contract.model(), true, false, 100, 1_000_000)
                .write(
                        Soap.V1_1,
                        operation.input(),
                        new JsonTrees(100).read(json.getBytes(StandardCharsets.UTF_8)),
                        "");
        String text = new String(written, StandardCharsets.UTF_8);
        return text.substring(text.indexOf("<n1:op>"), text.indexOf("</s:Body>"))
                .replace("n1:", "");
    }

    @Test
    void eachTypeOfJsonSchemaHasItsOwn() throws Exception {
        Map<String, Object> line = Map.of("type", "object", "properties", Map.of("sku", Map.of("type", "string")));
        Map<String, Object> schema = Map.of(
                "required",
                List.of("a"),
                "properties",
                Map.of("a", Map.of("type", "integer", "format", "int32")),
                "$defs",
                Map.of("Line", line));

        assertThat(xml(schema, "{\"a\":7}")).isEqualTo("<op><a>7</a></op>");
        assertThatExceptionOfType(dev.sallyport.xml.MismatchException.class)
                .isThrownBy(() -> xml(schema, "{}"))
                .withMessageContaining("it lacks a");
        assertThatExceptionOfType(dev.sallyport.xml.MismatchException.class)
                .isThrownBy(() -> xml(schema, "{\"a\":3000000000}"))
                .withMessageContaining("out of range");
    }

    @Test
    void arraysObjectsReferencesAndNullsAreKept() throws Exception {
        Map<String, Object> schema = Map.of(
                "properties",
                Map.of("tree", Map.of("type", "array", "items", Map.of("$ref", "#/$defs/Tree"))),
                "$defs",
                Map.of(
                        "Tree",
                        Map.of(
                                "type",
                                "object",
                                "properties",
                                Map.of("tree", Map.of("type", "array", "items", Map.of("$ref", "#/$defs/Tree"))))));
        assertThat(xml(schema, "{\"tree\":[{},{\"tree\":[{}]}]}"))
                .isEqualTo("<op><tree></tree><tree><tree></tree></tree></op>");
        assertThat(xml(Map.of("properties", Map.of("n", Map.of("type", List.of("boolean", "null")))), "{\"n\":null}"))
                .isEqualTo("<op><n xsi:nil=\"true\"></n></op>");
        assertThatExceptionOfType(dev.sallyport.xml.MismatchException.class)
                .isThrownBy(() -> xml(
                        Map.of("properties", Map.of("c", Map.of("enum", List.of("red", "b\"<")))), "{\"c\":\"blue\"}"))
                .withMessageContaining("one of red, b\"<");
    }

    @Test
    void aListOfValuesBelowAReferenceCounts() {
        Map<String, Object> schema = Map.of(
                "properties",
                Map.of("c", Map.of("$ref", "#/$defs/Color")),
                "$defs",
                Map.of("Color", Map.of("enum", List.of("red", "blue"))));

        assertThatExceptionOfType(dev.sallyport.xml.MismatchException.class)
                .isThrownBy(() -> xml(schema, "{\"c\":\"green\"}"))
                .withMessageContaining("one of red, blue");
    }

    @Test
    void aNameStandsForOneSchemaInAllOperations() {
        Mapping text = mapping("string");
        Mapping number = mapping("number");

        assertThat(new WsdlMaker("S", "urn:s").make(Map.of("a", text, "b", mapping("string"))))
                .containsOnlyOnce("name=\"Id\"");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new WsdlMaker("S", "urn:s").make(Map.of("a", text, "b", number)))
                .withMessageContaining("give one of them another name")
                .satisfies(e -> assertThat(e.key()).matches("operations.[ab].input.properties.id"));
    }

    private static Mapping mapping(String type) {
        Map<String, Object> schema = Map.of(
                "properties", Map.of("id", Map.of("$ref", "#/$defs/Id")), "$defs", Map.of("Id", Map.of("type", type)));
        return new Mapping("POST", "/op", "*", "*", schema, Map.of());
    }

    @Test
    void thereIsAPortForEachVersion() throws Exception {
        Contract contract = made(Map.of());

        assertThat(contract.version()).isEqualTo(Soap.V1_1);
        assertThat(contract.operations().get("op")).isNotNull();
        assertThat(Objects.requireNonNull(contract.operations().get("op")).action())
                .isEqualTo("urn:example:shop?a&b/op");
    }

    @Test
    void whatCannotBeToldIsRefused() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> made(Map.of("properties", Map.of("x", Map.of("$ref", "other.json")))))
                .withMessageContaining("#/$defs/NAME")
                .returns("operations.op.input.properties.x", ConfigException::key);
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> made(Map.of(
                        "properties", Map.of("x", Map.of("type", "array", "items", Map.of("type", "array"))))))
                .withMessageContaining("type array");
    }
}
