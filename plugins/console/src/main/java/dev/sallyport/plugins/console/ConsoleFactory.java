package dev.sallyport.plugins.console;

import dev.sallyport.api.AdminPages;
import dev.sallyport.api.AdminPagesFactory;
import dev.sallyport.api.ServiceContext;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;

/** Makes the service {@code console}. */
@Type("console")
@Doc("A web console on the admin address.")
public final class ConsoleFactory implements AdminPagesFactory<ConsoleConfig> {

    @Override
    public AdminPages create(ConsoleConfig config, ServiceContext context) {
        return new Console(config, context);
    }
}
