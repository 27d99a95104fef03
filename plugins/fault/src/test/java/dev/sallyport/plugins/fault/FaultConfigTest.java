package dev.sallyport.plugins.fault;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Moment;
import dev.sallyport.api.config.Percent;
import dev.sallyport.plugins.fault.FaultConfig.Abort;
import dev.sallyport.plugins.fault.FaultConfig.Only;
import org.junit.jupiter.api.Test;

final class FaultConfigTest {

    private static final Percent ALL = new Percent(100);

    @Test
    void refusesToBeThereForNothing() {
        assertRefused("", () -> new FaultConfig(null, null, null, Moment.parse("2027-01-01T00:00:00Z"), null));
    }

    @Test
    void refusesFaultsForEverybodyThatNeverEnd() {
        assertRefused("until", () -> new FaultConfig(null, new Abort(503, null, ALL), null, null, null));
    }

    @Test
    void refusesAnAbortThatIsNotOneOfBoth() {
        assertRefused("status", () -> new Abort(null, null, ALL));
        assertRefused("status", () -> new Abort(503, Failure.RESET, ALL));
    }

    @Test
    void refusesWhatIsNoHeader() {
        assertRefused("header", () -> new Only("x y", null));
    }

    private static void assertRefused(String key, Runnable making) {
        assertThatExceptionOfType(ConfigException.class).isThrownBy(making::run).returns(key, ConfigException::key);
    }
}
