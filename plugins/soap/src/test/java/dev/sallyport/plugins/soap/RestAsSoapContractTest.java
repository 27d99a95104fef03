package dev.sallyport.plugins.soap;

import dev.sallyport.api.Filter;
import dev.sallyport.plugins.soap.SoapAsRestConfig.Headers;
import dev.sallyport.plugins.soap.SoapAsRestConfig.Others;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;
import java.nio.file.Path;

final class RestAsSoapContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        Path wsdl = Path.of("src/test/resources/wsdl/cxf/header_rpc_lit.wsdl");
        return context.create(
                new RestAsSoapFactory(), Configs.restAsSoap(wsdl, Others.PASS, Headers.DECLARED, "pingMe"));
    }
}
