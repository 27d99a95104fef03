package dev.sallyport.testgateway;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Builds a plugin whose step {@code stamp} can be seen from outside: it puts its name before {@code x-passed} of the response,
 * also of one that it gives itself.
 */
final class StampPlugin {

    private static final String SOURCE = """
        package sample;

        import dev.sallyport.api.*;
        import dev.sallyport.api.config.*;

        @Type("stamp")
        public final class Factory implements FilterFactory<Factory.Config> {

            public record Config(
                    @Doc("Its name.") String name,
                    @Doc("The path to pass on.") @Default("none") String path,
                    @Doc("A value of x-h to pass on.") @Default("none") String tag,
                    @Doc("The status that it answers.") @Default("0") int answer,
                    @Doc("Whether it answers whoever does not ask for it.") boolean always,
                    @Doc("Whether it says nothing of itself.") boolean silent) {}

            @Override
            public Filter create(Config config, FilterContext context) {
                context.ownHeader("x-owned-" + config.name());
                if (config.silent()) {
                    return (request, next) -> handle(config, request, next);
                }
                return new Filter() {
                    @Override
                    public Response handle(Request request, Next next) throws Exception {
                        return Factory.handle(config, request, next);
                    }

                    @Override
                    public Explanation explain(Request request) throws Exception {
                        return Explanation.ofRun(this, request);
                    }
                };
            }

            private static Response handle(Config config, Request request, Next next) throws Exception {
                String asked = request.header("x-ask");
                boolean answers = config.answer() > 0
                        && (config.always() || config.name().equals(asked) || "any".equals(asked));
                Response response = answers ? Response.of(config.answer()) : next.proceed(changed(config, request));
                String passed = response.header("x-passed");
                return response.withHeader("x-passed", config.name() + (passed == null ? "" : "," + passed));
            }

            private static Request changed(Config config, Request request) {
                Request changed = config.path().equals("none")
                        ? request
                        : request.withTarget(request.target().withPath(config.path()));
                return config.tag().equals("none") ? changed : changed.withHeader("x-h", config.tag());
            }
        }
        """;

    private StampPlugin() {}

    static Path in(Path folder) throws IOException {
        return SamplePlugin.of(folder, "stamp", "1.0.0", SOURCE);
    }
}
