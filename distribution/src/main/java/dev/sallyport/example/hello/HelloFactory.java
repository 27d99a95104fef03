package dev.sallyport.example.hello;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Response;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;

/** Answers with a greeting that names the version of its jar. */
@Type("example/hello")
public final class HelloFactory implements FilterFactory<HelloFactory.Config> {

    /** The settings. */
    @Doc("Answers with a greeting.")
    public record Config(
            @Doc("Who is greeted.") @Default("world") String name) {}

    @Override
    public Filter create(Config config, FilterContext context) {
        String version = HelloFactory.class.getPackage().getImplementationVersion();
        String text = "Hello, " + config.name() + ", from version " + version + "\n";
        return (request, next) -> Response.text(200, text);
    }
}
