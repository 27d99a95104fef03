package dev.sallyport.plugins.javascript;

import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.Scripts;
import dev.sallyport.api.config.Rate;
import dev.sallyport.api.config.Size;
import dev.sallyport.kernel.script.ScriptService;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** The contract, with the real engine behind the step; it ends with the filter, so that its threads would be seen. */
final class JavascriptContractTest extends FilterContract {

    @TempDir
    Path folder;

    @Override
    protected Filter create(FakeContext context) throws Exception {
        Files.writeString(folder.resolve("test.js"), """
            export default async function (request, next, { config }) {
              request.headers.set("x-region", config.region);
              const response = await next(request);
              response.headers.set("x-served-by", "script");
              return response;
            }
            """);
        Scripts.Limits limits = new Scripts.Limits(
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                1_000_000,
                new Size(64 << 20),
                new Size(1 << 20),
                new Size(1 << 20),
                0,
                Rate.parse("10/s"));
        ScriptService service = new ScriptService(folder, new ScriptService.Settings(2, 200));
        JavascriptConfig config =
                new JavascriptConfig("test.js", Map.of("region", "eu"), limits, Scripts.Isolation.REQUEST, List.of());
        try (FakeContext lending = FakeContext.builder().scripts(service).build()) {
            Filter filter = new JavascriptFactory().create(config, lending);
            return new Filter() {
                @Override
                public Response handle(Request request, Next next) throws Exception {
                    return filter.handle(request, next);
                }

                @Override
                public void close() {
                    filter.close();
                    service.close();
                }
            };
        }
    }
}
