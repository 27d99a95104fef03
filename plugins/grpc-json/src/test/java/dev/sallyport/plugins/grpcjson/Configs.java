package dev.sallyport.plugins.grpcjson;

import dev.sallyport.api.config.Size;
import dev.sallyport.plugins.grpcjson.GrpcJsonConfig.Mapping;
import dev.sallyport.plugins.grpcjson.GrpcJsonConfig.Streams;
import dev.sallyport.plugins.grpcjson.GrpcJsonConfig.Unknown;
import dev.sallyport.plugins.grpcjson.GrpcJsonConfig.Unmatched;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Settings for tests. */
final class Configs {

    static final Path PROTOS = Path.of("src/test/resources");

    private Configs() {}

    static GrpcJsonConfig shop(Unmatched unmatched) {
        return of(new Description.Protos(List.of("shop/v1/orders.proto"), List.of(PROTOS)), unmatched, Unknown.REFUSE);
    }

    static GrpcJsonConfig of(Description from, Unmatched unmatched, Unknown unknown) {
        return new GrpcJsonConfig(
                from,
                List.of(),
                Set.of(Mapping.values()),
                "",
                unmatched,
                unknown,
                List.of(),
                false,
                false,
                false,
                Streams.JSON_LINES,
                Size.parse("4MiB"),
                64);
    }
}
