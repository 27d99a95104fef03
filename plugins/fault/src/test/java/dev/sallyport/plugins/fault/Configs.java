package dev.sallyport.plugins.fault;

import dev.sallyport.api.config.Moment;
import dev.sallyport.api.config.Percent;
import dev.sallyport.plugins.fault.FaultConfig.Abort;
import dev.sallyport.plugins.fault.FaultConfig.Delay;
import dev.sallyport.plugins.fault.FaultConfig.Only;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Settings for tests: a day long, with a seed. */
final class Configs {

    private static final Moment TOMORROW = Moment.parse("2026-01-02T00:00:00Z");

    private Configs() {}

    static FaultConfig aborting(String share) {
        return new FaultConfig(null, new Abort(503, null, Percent.parse(share)), null, TOMORROW, 42L);
    }

    static FaultConfig failing(Failure failure) {
        return new FaultConfig(null, new Abort(null, failure, new Percent(100)), null, TOMORROW, 42L);
    }

    static FaultConfig delaying(Duration time) {
        return new FaultConfig(new Delay(time, new Percent(100)), null, null, TOMORROW, 42L);
    }

    static FaultConfig only(String header, @Nullable String value) {
        return new FaultConfig(null, new Abort(503, null, new Percent(100)), new Only(header, value), null, null);
    }
}
