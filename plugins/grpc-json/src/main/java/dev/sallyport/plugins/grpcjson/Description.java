package dev.sallyport.plugins.grpcjson;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.UpstreamName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where services are described. */
public sealed interface Description {

    /** A compiled file. */
    @Doc("A descriptor set: what protoc --include_imports --descriptor_set_out=FILE writes. Read again when it"
            + " changes.")
    record Descriptors(
            @Doc("The file, relative to the folder of the configuration.")
            Path file) implements Description {}

    /** Files in protobuf's own language. */
    @Doc(".proto files, compiled by the gateway. Read again when they change.")
    record Protos(
            @Doc("The files, relative to a root, such as shop/v1/orders.proto.")
            List<String> files,

            @Doc("The folders that they, and what they import, are looked for in, relative to the folder of the"
                    + " configuration. Google's common files, such as google/api/annotations.proto, are there by"
                    + " themselves.")
            @Default("[.]")
            List<Path> roots)
            implements Description {

        /** @throws ConfigException where it names nothing, or something outside of the roots */
        public Protos {
            files = List.copyOf(files);
            roots = List.copyOf(roots);
            if (files.isEmpty()) {
                throw new ConfigException("files", "[] (expected: at least one .proto file)");
            }
            for (String file : files) {
                if (file.startsWith("/") || List.of(file.split("/", -1)).contains("..")) {
                    throw new ConfigException("files", file + " (expected: a path below one of the roots)");
                }
            }
        }
    }

    /** The services themselves. */
    @Doc("The services' own reflection (grpc.reflection.v1, else v1alpha), asked when the first request comes.")
    record Reflection(
            @Doc("The upstream that is asked; the route's own where it is not given.") @Nullable @UpstreamName
            String upstream,

            @Doc("After how long it is asked again, while requests come.") @Default("5m")
            Duration refresh)
            implements Description {

        /** @throws ConfigException where it would be asked without a pause */
        public Reflection {
            if (refresh.toSeconds() < 1) {
                throw new ConfigException("refresh", refresh.toMillis() + "ms (expected: at least 1s)");
            }
        }
    }
}
