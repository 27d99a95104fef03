package dev.sallyport.plugins.maintenance;

import dev.sallyport.api.Body;
import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Makes the step {@code maintenance}. */
@Type(value = "maintenance", replayable = true)
@Doc("Answers 503 while something is being worked on: for a planned time, or until it is switched off.")
public final class MaintenanceFactory implements FilterFactory<MaintenanceConfig> {

    private static final int MOST_BYTES = 1 << 20;

    @Override
    public Filter create(MaintenanceConfig config, FilterContext context) {
        Path page = config.page();
        return new MaintenanceFilter(
                config,
                page == null ? body(config.body()) : read(page),
                new Switch(context.dataFolder(), context.logger()),
                context.clock(),
                context.logger(),
                context.key());
    }

    private static @Nullable Body body(@Nullable String text) {
        return text == null ? null : Body.of(text);
    }

    private static Body read(Path page) {
        try (InputStream in = Files.newInputStream(page)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new ConfigException("page", page + " (expected: a file of at most 1MiB)");
            }
            return Body.of(bytes);
        } catch (IOException e) {
            throw new ConfigException("page", page + " cannot be read: " + e);
        }
    }
}
