package dev.sallyport.plugins.soap;

import dev.sallyport.api.config.Size;
import dev.sallyport.plugins.soap.SoapAsRestConfig.Headers;
import dev.sallyport.plugins.soap.SoapAsRestConfig.Others;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Settings for tests: the defaults, but for a body of 1,000,000 bytes at most. */
final class Configs {

    private Configs() {}

    static SoapAsRestConfig soapAsRest(Path wsdl) {
        return soapAsRest(wsdl, Others.REFUSE, Headers.DECLARED, Map.of());
    }

    static SoapAsRestConfig soapAsRest(
            Path wsdl, Others others, Headers headers, Map<String, SoapAsRestConfig.Mapping> operations) {
        return new SoapAsRestConfig(
                wsdl,
                null,
                null,
                null,
                "",
                operations,
                "/openapi.json",
                Map.of(),
                headers,
                null,
                Map.of(),
                others,
                new Size(1_000_000),
                100);
    }

    static RestAsSoapConfig restAsSoap(Path wsdl, String... operations) {
        return restAsSoap(wsdl, Others.REFUSE, Headers.DECLARED, operations);
    }

    static RestAsSoapConfig restAsSoap(Path wsdl, Others others, Headers headers, String... operations) {
        Map<String, RestAsSoapConfig.Mapping> mappings = new HashMap<>();
        for (String operation : operations) {
            mappings.put(
                    operation, new RestAsSoapConfig.Mapping("POST", "/" + operation, "*", "*", Map.of(), Map.of()));
        }
        return new RestAsSoapConfig(wsdl, null, null, null, mappings, null, headers, others, new Size(1_000_000), 100);
    }
}
