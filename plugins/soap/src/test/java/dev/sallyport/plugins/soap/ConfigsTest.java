package dev.sallyport.plugins.soap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Size;
import dev.sallyport.api.config.Template;
import dev.sallyport.plugins.soap.SoapAsRestConfig.Headers;
import dev.sallyport.plugins.soap.SoapAsRestConfig.Mapping;
import dev.sallyport.plugins.soap.SoapAsRestConfig.Others;
import dev.sallyport.testkit.FakeContext;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigsTest {

    private static final Path WSDL = Path.of("src/test/resources/wsdl/cxf/header_rpc_lit.wsdl");

    private final FakeContext context = FakeContext.create();

    @AfterEach
    void close() {
        context.close();
    }

    private static Map<String, String> defaults(Class<?> config) {
        Map<String, String> defaults = new TreeMap<>();
        for (RecordComponent component : config.getRecordComponents()) {
            Default value = component.getAnnotation(Default.class);
            if (value != null) {
                defaults.put(component.getName(), value.value());
            }
        }
        return defaults;
    }

    @Test
    void theDefaultsAreThese() {
        assertThat(defaults(SoapAsRestConfig.class))
                .isEqualTo(Map.of(
                        "basePath", "",
                        "openapi", "/openapi.json",
                        "headers", "declared",
                        "otherPaths", "refuse",
                        "maxBody", "1MiB",
                        "maxDepth", "100"));
        assertThat(defaults(RestAsSoapConfig.class))
                .isEqualTo(
                        Map.of("headers", "declared", "otherRequests", "refuse", "maxBody", "1MiB", "maxDepth", "100"));
        assertThat(defaults(Mapping.class))
                .isEqualTo(Map.of("method", "POST", "body", "*", "responseBody", "*", "status", "200"));
    }

    @Test
    void anOperationThatIsNotThereIsRefused() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> context.create(
                        new SoapAsRestFactory(),
                        Configs.soapAsRest(WSDL, Others.REFUSE, Headers.DECLARED, Map.of("ping", Mapping.plain()))))
                .withMessage("no such operation (expected: one of inHeader, outHeader, inoutHeader, pingMe)")
                .returns("operations.ping", ConfigException::key);
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> context.create(new RestAsSoapFactory(), Configs.restAsSoap(WSDL, "ping")))
                .returns("operations.ping", ConfigException::key);
    }

    @Test
    void aWsdlThatIsNotThereIsRefused() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> context.create(new SoapAsRestFactory(), Configs.soapAsRest(Path.of("none.wsdl"))))
                .withMessageContaining("none.wsdl is not there")
                .returns("wsdl", ConfigException::key);
    }

    @Test
    void aPathStartsWithASlash() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new Mapping("GET", "a", "*", "*", 200))
                .returns("path", ConfigException::key);
    }

    @ParameterizedTest
    @CsvSource({
        "get, /a, method",
        "'', /a, method",
        "GET, a, path",
        "GET, /a?b=c, path",
        "GET, /a b, path",
        "GET, /\u00fc, path",
        "GET, '/{a}/ ', path"
    })
    void aRequestOfRestIsOneThatCanBeSent(String method, String path, String key) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new RestAsSoapConfig.Mapping(method, path, "*", "*", Map.of(), Map.of()))
                .returns(key, ConfigException::key);
        assertThat(new RestAsSoapConfig.Mapping("GET", "/a/{b.c}/%C3%BC", "*", "*", Map.of(), Map.of()))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Id", "{}Id", "{urn:x}", "{http://www.w3.org/2000/xmlns/}Id", "{urn:x"})
    void aBlockHasANameInANamespace(String name) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new SoapAsRestConfig(
                        WSDL,
                        null,
                        null,
                        null,
                        "",
                        Map.of(),
                        "",
                        Map.of(name, Template.parse("a")),
                        Headers.DECLARED,
                        null,
                        Map.of(),
                        Others.REFUSE,
                        new Size(1000),
                        100))
                .returns("addHeaders", ConfigException::key);
    }

    @Test
    void schemasOfAWsdlThatIsMadeAreChecked() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new WsdlMaker("S", "urn:s")
                        .make(Map.of(
                                "op",
                                new RestAsSoapConfig.Mapping(
                                        "POST",
                                        "/op",
                                        "*",
                                        "*",
                                        Map.of("properties", Map.of("a b", Map.of("type", "string"))),
                                        Map.of()))))
                .withMessage("a b (expected: a name that XML can have)")
                .returns("operations.op.input", ConfigException::key);
    }
}
