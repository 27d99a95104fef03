package dev.sallyport.api;

import dev.sallyport.api.config.ConfigException;
import io.opentelemetry.api.metrics.Meter;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway lends one step. Everything that it gives out is taken back after the filter was closed, or when
 * {@link FilterFactory#create} fails: tasks are cancelled and their threads interrupted, metrics are no more shown, then
 * what was given to {@link #onClose} is closed, then leases are returned. It may be used by many threads at once.
 */
public interface FilterContext {

    /** The route's name; {@code "*"} for a step that stands before routing; the upstream's name, after {@code upstream:}, for a step of the attempt. */
    String route();

    /** The step's id, unique within its chain; its type where the configuration names none. */
    String step();

    /** The key under which this step's state is kept: {@code <type>/<share>} or {@code <type>/<route>/<id>}. */
    String key();

    /**
     * Whether the step stands there with {@code mode: monitor}: it runs for real and what it gives is dropped, but the request
     * waits for it. So a step that makes requests wait on purpose does not do so then.
     */
    boolean monitored();

    /** The clock to take the time from; tests set it. */
    Clock clock();

    /** The gateway's own log, under the type's name. */
    System.Logger logger();

    /** Runs tasks later or again and again, each on a virtual thread; tasks left over at close are cancelled. */
    ScheduledExecutorService scheduler();

    /**
     * Runs tasks at once, each on a virtual thread of its own; those left over at close are interrupted. A thread that the
     * plugin starts by itself keeps the plugin in memory for as long as it runs.
     */
    ExecutorService threads();

    /**
     * Closes something together with the step, also where {@code create} fails after this call: what was given last is
     * closed first. Spares a filter that is a lambda a {@code close} of its own.
     *
     * {@snippet :
     * Listener listener = context.onClose(new Listener(config.address()));
     * }
     *
     * @return what was given
     */
    <R extends AutoCloseable> R onClose(R resource);

    /**
     * Makes this step's metrics, which {@code /metrics} shows together with the gateway's own. Instruments are made once,
     * in {@code create}; recording is for any thread.
     *
     * <ol>
     *   <li>A name is {@code sallyport.<type>.<what>}, each part in lower case with {@code _} between words, so that the
     *       metrics of two plugins never meet; a counter's name does not end in {@code total}, which is added.
     *   <li>The gateway adds the attributes {@code route} ({@link #route()}), {@code step} ({@link #step()}) and
     *       {@code version} (the plugin's) to each value, in the place of attributes of the same names. A step that
     *       shares its state has the share's name as {@code step}, and no route.
     *   <li>What the step registered is taken back when it is closed, callbacks included, and its values are shown no
     *       more; there is nothing to close. Makings of one step with the same version (after a change of its settings,
     *       or a canary) are shown as one: counters and histograms add up, of gauges the newer one counts.
     *   <li>A callback runs when somebody reads the metrics, on a thread of its own, for the last time
     *       just after the filter was closed; one that does not come back in time
     *       ends what is shown of its step. At most 2,000 combinations of attributes are kept for an instrument, so an
     *       attribute never holds what a client can choose.
     * </ol>
     *
     * {@snippet :
     * LongCounter refused = context.meter().counterBuilder("sallyport.stamp.refused").build();
     * …
     * refused.add(1);
     * }
     */
    Meter meter();

    /**
     * A store for what outlives a request. Where another one takes its place in the configuration, the step is made anew.
     *
     * @param name the store's name under {@code services:}, or {@code memory}, which always exists
     * @throws ConfigException where no store has that name
     */
    Store store(String name) throws ConfigException;

    /** The gateway's JavaScript engine. */
    Scripts scripts();

    /** A client for side calls (a key set, a token endpoint). It follows no redirects and keeps no cookies. */
    HttpClient http();

    /** A folder that belongs to this step and survives restarts; it exists. */
    Path dataFolder();

    /**
     * Runs work that burns processor time (hashing passwords, compressing, XSLT) on a bounded pool of platform threads
     * and waits for it: virtual threads are not pre-empted, so such work would hold up other exchanges.
     *
     * @throws Exception what the task threw
     */
    <T> T cpu(Callable<T> task) throws Exception;

    /**
     * Shares an expensive client between the steps of this plugin: the first lease of a key opens it, the last one
     * given back closes it, also across reloads.
     *
     * @param key what makes two clients the same; compared by {@code equals}, so best a record
     * @param opener opens the client where there is none yet
     * @throws Exception what the opener threw
     */
    <R extends AutoCloseable> R lease(Object key, Callable<R> opener) throws Exception;

    /**
     * The credentials of one type that the consumers of this configuration have. When they change, the step is made
     * anew.
     *
     * @param type the record of a {@link CredentialType} of the same plugin
     */
    <C extends Record> List<Credential<C>> credentials(Class<C> type);

    /**
     * The consumer of that name in this configuration. When it changes, comes or goes, a step that has asked for it is made
     * anew.
     *
     * @return null where there is none
     */
    @Nullable
    Consumer consumer(String name);

    /**
     * Declares a request header as this step's to set: the gateway strips it from requests that come from outside, in
     * every mode, so that an upstream can trust it. Only while {@link FilterFactory#create} runs.
     *
     * @param name the header's name, in any case
     */
    void ownHeader(String name);
}
