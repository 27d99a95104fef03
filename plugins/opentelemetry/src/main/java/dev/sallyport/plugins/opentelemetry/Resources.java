package dev.sallyport.plugins.opentelemetry;

import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.resources.ResourceBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who tells all this: the gateway, and this plugin. */
final class Resources {

    /** The conventions that the names are of. */
    static final String SCHEMA = "https://opentelemetry.io/schemas/1.41.0";

    private static final String NAME = "dev.sallyport";

    private Resources() {}

    /** The plugin's version, which is the gateway's; null where the classes are in no jar. */
    private static @Nullable String version() {
        return Resources.class.getPackage().getImplementationVersion();
    }

    static InstrumentationScopeInfo scope() {
        var scope = InstrumentationScopeInfo.builder(NAME).setSchemaUrl(SCHEMA);
        String version = version();
        if (version != null) {
            scope.setVersion(version);
        }
        return scope.build();
    }

    /**
     * The gateway.
     *
     * @param folder where the id of this instance is kept, so that it survives a restart
     */
    static Resource of(Map<String, String> further, Path folder) {
        ResourceBuilder resource = Resource.getDefault().toBuilder().put("service.name", "sallyport");
        String version = version();
        if (version != null) {
            resource.put("service.version", version);
        }
        resource.put("service.instance.id", instance(folder.resolve("instance-id")));
        further.forEach(resource::put);
        return resource.build();
    }

    private static String instance(Path file) {
        try {
            if (Files.exists(file)) {
                return UUID.fromString(Files.readString(file).strip()).toString();
            }
        } catch (IOException | IllegalArgumentException unreadable) {
            // a new one, then
        }
        String id = UUID.randomUUID().toString();
        try {
            Files.writeString(file, id);
        } catch (IOException unwritable) {
            // it lives as long as the service
        }
        return id;
    }
}
