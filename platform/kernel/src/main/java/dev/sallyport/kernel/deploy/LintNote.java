package dev.sallyport.kernel.deploy;

import dev.sallyport.kernel.config.Reading;
import dev.sallyport.kernel.config.TypeCatalog;
import dev.sallyport.kernel.lint.Lint;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Says in the log how much lint finds in what serves. It looks once changes have settled, on a thread of its own: it costs
 * as much as reading the configuration does, which a change that follows should not wait for. For the deploying thread.
 */
final class LintNote {

    private static final Logger LOG = System.getLogger("gateway");

    /** Longer than one change after the other takes with very many routes. */
    private static final Duration SETTLED = Duration.ofSeconds(3);

    private final ScheduledExecutorService timer;
    private @Nullable Served latest;

    private record Served(int generation, Reading reading, TypeCatalog catalog) {}

    /** @param timer runs on the deploying thread */
    LintNote(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    /** That configuration serves now. */
    void of(int generation, Reading reading, TypeCatalog catalog) {
        latest = new Served(generation, reading, catalog);
        try {
            var _ = timer.schedule(() -> settled(generation), SETTLED.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException stopping) {
            LOG.log(Level.DEBUG, "lint does not look at generation {0}", Integer.toString(generation));
        }
    }

    private void settled(int generation) {
        Served served = latest;
        if (served != null && served.generation() == generation) {
            latest = null;
            Thread.ofPlatform().daemon().name("lint").start(() -> say(served));
        }
    }

    private static void say(Served served) {
        Lint lint = Lint.of(served.reading(), served.catalog());
        if (!lint.findings().isEmpty()) {
            LOG.log(
                    Level.INFO,
                    "generation {0}: lint has {1}; sallyport check shows them",
                    Integer.toString(served.generation()),
                    lint.told());
        }
    }
}
