package dev.sallyport.plugins.analytics;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import io.opentelemetry.api.metrics.Meter;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;

/** Makes the step {@code analytics}. */
@Type("analytics")
@Doc("Counts requests, errors, bytes and latencies by route, consumer, status and client, and answers questions"
        + " about them.")
public final class AnalyticsFactory implements FilterFactory<AnalyticsConfig> {

    private static final long FLUSH_SECONDS = 5;
    private static final long TIDY_SECONDS = 60;
    private static final long MINUTE = 60_000;

    @Override
    public Filter create(AnalyticsConfig config, FilterContext context) {
        try {
            Shelf shelf = new Shelf(context.dataFolder().resolve("slices"), config);
            Recorder recorder = new Recorder(config, shelf, context.clock(), context.logger());
            Tidying tidying = new Tidying(shelf, config, System::nanoTime);
            metrics(context.meter(), recorder, shelf, tidying);
            var _ = context.scheduler()
                    .scheduleWithFixedDelay(
                            () -> safely(recorder::flush, context), FLUSH_SECONDS, FLUSH_SECONDS, TimeUnit.SECONDS);
            var _ = context.scheduler()
                    .scheduleWithFixedDelay(
                            () -> safely(() -> tidying.run(context.clock().millis() / MINUTE), context),
                            1,
                            TIDY_SECONDS,
                            TimeUnit.SECONDS);
            return new AnalyticsFilter(recorder, shelf, tidying, new Questions(recorder, config, context.clock()));
        } catch (IOException e) {
            throw new ConfigException("", "its folder cannot be used (expected: one that can be written): " + e);
        }
    }

    /** Something to do that may fail. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    /** What failed once is tried again the next time: a task that throws would never run again. */
    private static void safely(Work work, FilterContext context) {
        try {
            work.run();
        } catch (IOException | RuntimeException e) {
            context.logger().log(Level.WARNING, "analytics: what is old stays as it is for now, since " + e);
        }
    }

    private static void metrics(Meter meter, Recorder recorder, Shelf shelf, Tidying tidying) {
        meter.gaugeBuilder("sallyport.analytics.series")
                .ofLongs()
                .setDescription("Combinations of route, consumer, status and client in the current minute.")
                .buildWithCallback(gauge -> gauge.record(recorder.series()));
        meter.counterBuilder("sallyport.analytics.not_apart")
                .setDescription(
                        "Requests that were counted together with others, since there were too many combinations.")
                .buildWithCallback(counter -> counter.record(recorder.collapsed()));
        meter.counterBuilder("sallyport.analytics.not_apart_in_hours")
                .setDescription("Requests that were counted together with others when minutes became hours.")
                .buildWithCallback(counter -> counter.record(tidying.notApart()));
        meter.counterBuilder("sallyport.analytics.lost")
                .setDescription("Requests that could not be kept, since the disk failed.")
                .buildWithCallback(counter -> counter.record(recorder.lost()));
        meter.counterBuilder("sallyport.analytics.unreadable")
                .setDescription("Files that were left out, since they are spoilt, each time that they were read.")
                .buildWithCallback(counter -> counter.record(shelf.unreadable()));
    }
}
