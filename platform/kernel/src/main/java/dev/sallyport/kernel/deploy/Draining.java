package dev.sallyport.kernel.deploy;

import dev.sallyport.kernel.chain.EndedEarlyException;
import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.chain.LiveExchange;
import dev.sallyport.kernel.chain.StepNode;
import dev.sallyport.kernel.config.GatewayConfig.Drain;
import dev.sallyport.kernel.http.LeavingListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Has exchanges leave the generations that were replaced. One whose way is the same in the generation that serves moves
 * there, as soon as its chain has returned: a change elsewhere neither ends a stream nor waits for it. The others have
 * {@code drain.afterSwap} from the change on; then they are ended as cleanly as they can be, those that do not end are
 * interrupted once, and what runs even then is named and waited for no longer. The same holds for those that came by a
 * listener which takes no more connections; it is closed with the last of them.
 *
 * <p>Thread-safe. It looks on a platform thread of its own, and only while there is a replaced generation.
 */
public final class Draining implements AutoCloseable {

    private static final Logger LOG = System.getLogger("drain");

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    /** What an exporter observes that is not in the next generation has until then to end, so that it hears of that. */
    private static final Duration UNTIL_UNOBSERVED = Duration.ofSeconds(2);

    /** What is ended at its limit has until then to do so by itself. */
    private static final Duration UNTIL_INTERRUPT = Duration.ofSeconds(1);

    /** And until then to end at all. */
    private static final Duration UNTIL_GIVEN_UP = Duration.ofSeconds(5);

    private static final int FRAMES = 6;

    private final Supplier<Set<LiveExchange>> exchanges;
    private final Supplier<Set<LiveExchange>> copies;
    private final Supplier<Set<LeavingListener>> listeners;
    private final Supplier<Generation> serving;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("drain").factory());

    /** For that thread alone, as the two below. */
    private final Map<Generation, Ending> replaced = new HashMap<>();

    private final Map<LeavingListener, Ending> left = new HashMap<>();
    private boolean awake;

    /**
     * A draining that nothing has to do yet.
     *
     * @param exchanges all that run for clients
     * @param copies those that run for nobody: they stay where they are, and a stop does not wait for them
     * @param listeners those that take no more connections; looked at from the next replacement on
     * @param serving the generation that serves
     */
    public Draining(
            Supplier<Set<LiveExchange>> exchanges,
            Supplier<Set<LiveExchange>> copies,
            Supplier<Set<LeavingListener>> listeners,
            Supplier<Generation> serving) {
        this.exchanges = exchanges;
        this.copies = copies;
        this.listeners = listeners;
        this.serving = serving;
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * That generation was replaced.
     *
     * @param giveUp called where it is waited for no longer, though an exchange runs on it
     */
    void replaced(Generation old, Runnable giveUp) {
        Ending ending = new Ending("generation " + old.number(), giveUp);
        try {
            thread.execute(() -> {
                replaced.put(old, ending);
                if (!awake) {
                    look();
                }
            });
        } catch (RejectedExecutionException stopping) {
            LOG.log(Level.DEBUG, "not looked at any more, the gateway stops");
        }
    }

    private void look() {
        try {
            lookNow();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "draining failed", e);
        }
        awake = !replaced.isEmpty() || !listeners.get().isEmpty();
        if (awake) {
            var _ = thread.schedule(this::look, BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void lookNow() {
        Generation now = serving.get();
        Duration limit = now.config().config().drain().afterSwap();
        replaced.keySet().removeIf(Generation::isDrained);
        Map<Generation, List<LiveExchange>> running = byGeneration(exchanges.get());
        Map<Generation, List<LiveExchange>> copied = byGeneration(copies.get());
        replaced.entrySet().removeIf(old -> {
            Ending ending = old.getValue();
            boolean late = ending.isLate(limit);
            List<LiveExchange> staying = new ArrayList<>(copied.getOrDefault(old.getKey(), List.of()));
            for (LiveExchange exchange : running.getOrDefault(old.getKey(), List.of())) {
                if (!((late || mayMove(exchange, now, ending)) && moved(exchange, now))) {
                    staying.add(exchange);
                }
            }
            return late && ending.end(staying, new EndedEarlyException("what it runs through has changed"));
        });
        left.keySet().retainAll(listeners.get());
        listeners.get().forEach(listener -> lookAt(listener, limit));
    }

    private static Map<Generation, List<LiveExchange>> byGeneration(Set<LiveExchange> all) {
        return all.stream().collect(Collectors.groupingBy(LiveExchange::generation));
    }

    /** Its exchanges may have moved to the generation that serves, but they cannot move to another connection. */
    private void lookAt(LeavingListener listener, Duration limit) {
        if (listener.closeIdle()) {
            listener.close();
            return;
        }
        Ending ending =
                left.computeIfAbsent(listener, gone -> new Ending("closed listener " + gone.name(), gone::close));
        if (ending.isLate(limit)) {
            var _ = ending.end(listener.exchanges(), new EndedEarlyException("its listener is closed"));
        }
    }

    /** Most are over at once: only a stream is worth being told of no more. */
    private static boolean mayMove(LiveExchange exchange, Generation now, Ending ending) {
        return exchange.isAnswered() && (ending.isLate(UNTIL_UNOBSERVED) || !exchange.losesObservers(now));
    }

    private static boolean moved(LiveExchange exchange, Generation now) {
        return exchange.endedEarly() == null && now.hasWayOf(exchange) && exchange.moveTo(now);
    }

    /** The end of one generation. */
    private static final class Ending {

        private final String what;
        private final Runnable giveUp;
        private final long replacedAt = System.nanoTime();
        private long endedAt;
        private boolean ended;
        private boolean interrupted;

        Ending(String what, Runnable giveUp) {
            this.what = what;
            this.giveUp = giveUp;
        }

        boolean isLate(Duration limit) {
            return ended || System.nanoTime() - replacedAt >= limit.toNanos();
        }

        /** Does what is due; whether it is over with it. */
        boolean end(List<LiveExchange> left, EndedEarlyException reason) {
            long now = System.nanoTime();
            if (!ended) {
                ended = true;
                endedAt = now;
                if (!left.isEmpty()) {
                    LOG.log(Level.INFO, "{0}: the drain limit has passed, {1} exchanges are ended", what, left.size());
                }
            }
            left.forEach(exchange -> exchange.end(reason));
            if (!interrupted && now - endedAt >= UNTIL_INTERRUPT.toNanos()) {
                interrupted = true;
                left.forEach(LiveExchange::interrupt);
            }
            if (now - endedAt < UNTIL_GIVEN_UP.toNanos()) {
                return false;
            }
            left.forEach(exchange -> {
                exchange.cancellation().cancel(reason); // a tunnel whose ends do not answer is closed by that
                LOG.log(Level.WARNING, "{0}: {1}", what, describe(exchange));
            });
            giveUp.run();
            return true;
        }
    }

    /** Names what still runs: text only, since a plugin's classes stand behind it. */
    private static String describe(LiveExchange exchange) {
        if (exchange.isTunnel()) {
            return "the ends of tunnel " + exchange.id() + " have not closed it; it is closed";
        }
        StepNode step = exchange.current();
        String place = step != null
                ? step.name()
                : exchange.route() == null ? "outside of steps" : "route " + exchange.route() + ", outside of steps";
        return "request " + exchange.id() + ", " + place
                + ", still runs; its steps are closed all the same" + System.lineSeparator()
                + Stream.of(exchange.thread().getStackTrace())
                        .limit(FRAMES)
                        .map(frame -> "    at " + frame)
                        .collect(Collectors.joining(System.lineSeparator()));
    }

    /**
     * Waits until all exchanges have come to their end, up to {@code drain.atStop}, and ends the others then. Tunnels are
     * ended at once: they would not end by themselves. No new connections must be taken by now.
     */
    public void stop() {
        thread.shutdown();
        Drain limits = serving.get().config().config().drain();
        EndedEarlyException reason = new EndedEarlyException("the gateway stops");
        long limit = System.nanoTime() + limits.atStop().toNanos();
        Ending ending = new Ending("stopping", () -> {});
        boolean over = false;
        if (!exchanges.get().isEmpty()) {
            LOG.log(
                    Level.INFO,
                    "stopping: {0} exchanges are under way",
                    exchanges.get().size());
        }
        while (!over && !exchanges.get().isEmpty()) {
            exchanges.get().stream().filter(LiveExchange::isTunnel).forEach(tunnel -> tunnel.end(reason));
            if (System.nanoTime() - limit >= 0) {
                over = ending.end(List.copyOf(exchanges.get()), reason);
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
