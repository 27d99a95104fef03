package dev.sallyport.plugins.soap;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import dev.sallyport.plugins.soap.Contract.Operation;
import dev.sallyport.plugins.soap.Routes.Route;
import dev.sallyport.plugins.soap.SoapAsRestConfig.Mapping;
import dev.sallyport.plugins.soap.SoapFiles.BadFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Makes the steps of type {@code soap-as-rest}. */
@Doc("Publishes a SOAP service as REST: clients send and get JSON, the service behind gets and sends SOAP, as its WSDL"
        + " says.")
@Type(value = "soap-as-rest", replayable = true)
public final class SoapAsRestFactory implements FilterFactory<SoapAsRestConfig> {

    @Override
    public Filter create(SoapAsRestConfig config, FilterContext context) {
        try {
            return Reread.of(() -> make(config, context), context);
        } catch (BadFileException e) {
            throw new ConfigException("wsdl", e.reason());
        }
    }

    private static Reread.Made make(SoapAsRestConfig config, FilterContext context) throws BadFileException {
        SoapFiles files = new SoapFiles(config.wsdl());
        Contract contract = ContractReader.read(files, config.service(), config.port());
        List<Route> routes = new ArrayList<>();
        if (config.operations().isEmpty()) {
            contract.operations().values().forEach(each -> routes.add(Route.of(each, Mapping.plain())));
        }
        for (Map.Entry<String, Mapping> each : config.operations().entrySet()) {
            Operation operation = contract.operations().get(each.getKey());
            if (operation == null) {
                throw new ConfigException(
                        "operations." + each.getKey(),
                        "no such operation (expected: one of "
                                + String.join(", ", contract.operations().keySet()) + ")");
            }
            String method = each.getValue().method();
            if (!method.equals(method.toUpperCase(Locale.ROOT)) || method.isBlank()) {
                throw new ConfigException(
                        "operations." + each.getKey() + ".method", method + " (expected: a method such as GET)");
            }
            routes.add(Route.of(operation, each.getValue()));
        }
        return new Reread.Made(
                new SoapAsRestFilter(config, contract, new Routes(routes), context),
                Set.copyOf(files.documents().keySet()));
    }
}
