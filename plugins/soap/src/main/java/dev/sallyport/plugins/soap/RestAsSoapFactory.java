package dev.sallyport.plugins.soap;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import dev.sallyport.plugins.soap.SoapFiles.BadFileException;
import java.nio.file.Path;
import java.util.Set;

/** Makes the steps of type {@code rest-as-soap}. */
@Doc("Publishes a REST service as SOAP: clients send and get SOAP by a WSDL, which may be made of JSON Schemas; the"
        + " service behind gets and sends JSON.")
@Type(value = "rest-as-soap", replayable = true)
public final class RestAsSoapFactory implements FilterFactory<RestAsSoapConfig> {

    @Override
    public Filter create(RestAsSoapConfig config, FilterContext context) {
        try {
            return config.wsdl() == null
                    ? make(config, context).filter()
                    : Reread.of(() -> make(config, context), context);
        } catch (BadFileException e) {
            throw new ConfigException(config.wsdl() == null ? "operations" : "wsdl", e.reason());
        }
    }

    private static Reread.Made make(RestAsSoapConfig config, FilterContext context) throws BadFileException {
        Path wsdl = config.wsdl();
        SoapFiles files = new SoapFiles(wsdl == null ? Path.of("made.wsdl") : wsdl);
        String namespace = config.namespace();
        String service = config.service();
        if (wsdl == null && namespace != null && service != null) {
            files.add(files.main(), new WsdlMaker(service, namespace).make(config.operations()));
        }
        Contract contract = ContractReader.read(files, config.service(), config.port());
        for (String name : config.operations().keySet()) {
            if (!contract.operations().containsKey(name)) {
                throw new ConfigException(
                        "operations." + name,
                        "no such operation (expected: one of "
                                + String.join(", ", contract.operations().keySet()) + ")");
            }
        }
        return new Reread.Made(
                new RestAsSoapFilter(config, contract, WsdlPages.of(files), context),
                Set.copyOf(files.documents().keySet()));
    }
}
