package dev.sallyport.kernel.config;

import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Min;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How targets are asked whether they are well. */
public record HealthConfig(
        @Doc("How they are asked: a GET (http), whether a connection can be made (tcp), or grpc.health.v1 (grpc).")
        @Default("http")
        Type type,

        @Doc("The path that is asked for.") @Default("/") String path,

        @Doc("The Host sent; the target's if not given.") @Nullable
        String host,

        @Doc("The statuses of a target that is well, such as 200 or 200-399.") @Default("[200-299]") @Min(1)
        List<StatusRange> statuses,

        @Doc("The name of the service that is asked about, of grpc.") @Default("")
        String service,

        @Doc("How often; a tenth more or less, so that not all are asked at once.") @Default("5s") @Min(10)
        Duration interval,

        @Doc("How long the answer may take.") @Default("2s") @Min(10)
        Duration timeout,

        @Doc("So many good answers in a row, and a target that was ill is used again.") @Default("2") @Min(1)
        int healthyAfter,

        @Doc("So many bad answers in a row, and a target is not used any more; the very first answer counts alone.")
        @Default("3")
        @Min(1)
        int unhealthyAfter) {

    /** How a target is asked. */
    public enum Type {
        HTTP,
        TCP,
        GRPC
    }
}
