package dev.sallyport.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.telemetry.TraceContext;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class TraceContextTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";

    @Test
    void takesIdsAsW3cTraceContextHasThem() {
        assertThat(new TraceContext(TRACE, SPAN, true).traceId()).isEqualTo(TRACE);
    }

    @Test
    void refusesWhatIsNoId() {
        for (String odd : List.of("", TRACE + "0", TRACE.toUpperCase(Locale.ROOT), "0".repeat(32), "g".repeat(32))) {
            assertThatThrownBy(() -> new TraceContext(odd, SPAN, true)).hasMessageStartingWith("traceId: " + odd);
        }
        for (String odd : List.of(TRACE, "0".repeat(16), "b7ad6b716920333 ")) {
            assertThatThrownBy(() -> new TraceContext(TRACE, odd, true)).hasMessageStartingWith("spanId: " + odd);
        }
    }
}
