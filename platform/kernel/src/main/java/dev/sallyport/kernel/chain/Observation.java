package dev.sallyport.kernel.chain;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Exporter;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.telemetry.ExchangeObserver;
import dev.sallyport.api.telemetry.ExchangeObserver.Verdict;
import dev.sallyport.api.telemetry.StepInfo;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells those that observe an exchange what becomes of it. An exchange that nobody observes has none. For the thread of the
 * exchange, but for its end, and for the move to another generation: then nothing of an exporter may run that is gone.
 */
final class Observation {

    private static final Logger LOG = System.getLogger("telemetry");

    /** Lines about observers that fail are at least so far apart. */
    private static final long QUIET_NANOS = 10_000_000_000L;

    private static final AtomicLong TOLD = new AtomicLong(System.nanoTime() - QUIET_NANOS);

    /** Null where one has failed and hears no more. */
    private final @Nullable ExchangeObserver[] observers;

    private final boolean[] ofSteps;
    private final boolean anyOfSteps;
    private final @Nullable Exporter[] exporters;
    private @Nullable Stay current;

    private Observation(List<ExchangeObserver> observers, List<Exporter> exporters) {
        this.exporters = exporters.toArray(Exporter[]::new);
        this.observers = observers.toArray(ExchangeObserver[]::new);
        ofSteps = new boolean[this.observers.length];
        boolean any = false;
        for (int i = 0; i < ofSteps.length; i++) {
            ofSteps[i] = observers.get(i).observesSteps();
            any |= ofSteps[i];
        }
        anyOfSteps = any;
    }

    /** What the steps get: each may change header fields. */
    Request received(Request request) {
        return changed(request, ExchangeObserver::received);
    }

    /** What a request is doing in a step. */
    private static final class Stay {
        private final StepInfo step;
        private final @Nullable Stay outer;
        private final long entered = System.nanoTime();
        private long leftAt;
        private long elsewhere;
        private boolean passed;
        private boolean skipped;
        private @Nullable Throwable came;

        Stay(StepInfo step, @Nullable Stay outer) {
            this.step = step;
            this.outer = outer;
        }
    }

    /**
     * Has an exchange observed by those exporters that like to.
     *
     * @return null where none does
     */
    static @Nullable Observation begin(List<Exporter> exporters, Request request) {
        List<ExchangeObserver> made = new ArrayList<>(exporters.size());
        List<Exporter> by = new ArrayList<>(exporters.size());
        for (Exporter exporter : exporters) {
            try {
                ExchangeObserver observer = exporter.begins(request);
                if (observer != null) {
                    made.add(observer);
                    by.add(exporter);
                }
            } catch (Throwable failure) { // the request has nothing to do with it
                tell(failure);
            }
        }
        return made.isEmpty() ? null : made(made, by);
    }

    private static @Nullable Observation made(List<ExchangeObserver> observers, List<Exporter> exporters) {
        try {
            return new Observation(observers, exporters);
        } catch (Throwable failure) {
            tell(failure);
            return null;
        }
    }

    /** Whether anybody wants to hear of steps. */
    boolean isOfSteps() {
        return anyOfSteps;
    }

    void entered(StepInfo step) {
        current = new Stay(step, current);
        tellOfSteps(observer -> observer.stepEntered(step));
    }

    /** The step has called next. */
    void passedOn() {
        Stay stay = current;
        if (stay != null) {
            stay.passed = true;
            stay.leftAt = System.nanoTime();
        }
    }

    /**
     * What came after the step has returned.
     *
     * @param thrown what came out of it in the place of a response
     */
    void cameBack(@Nullable Throwable thrown) {
        Stay stay = current;
        if (stay != null) {
            stay.elsewhere += System.nanoTime() - stay.leftAt;
            stay.came = thrown;
        }
    }

    /** The step has failed, and all goes on as if it were not there. */
    void skipped() {
        Stay stay = current;
        if (stay != null) {
            stay.skipped = true;
        }
    }

    /**
     * The step that was entered last is left.
     *
     * @param thrown what came out of it in the place of a response
     */
    void left(@Nullable Throwable thrown) {
        Stay stay = current;
        if (stay == null) {
            return;
        }
        current = stay.outer;
        long self = System.nanoTime() - stay.entered - stay.elsewhere;
        Verdict verdict = verdict(stay, thrown);
        tellOfSteps(observer -> observer.stepLeft(stay.step, verdict, thrown, self));
    }

    @SuppressWarnings("ReferenceEquality") // one and the same exception on its way out
    private static Verdict verdict(Stay stay, @Nullable Throwable thrown) {
        if (thrown != null) {
            return thrown == stay.came ? Verdict.PASSED_ON : Verdict.FAILED;
        }
        if (stay.skipped) {
            return Verdict.SKIPPED;
        }
        return stay.passed ? Verdict.PASSED : Verdict.ANSWERED;
    }

    void noted(String name, Object value) {
        if (current != null) {
            tellOfSteps(observer -> observer.noted(name, value));
        }
    }

    /**
     * A target is tried.
     *
     * @return what to send: each may change header fields
     */
    Request attemptBegins(Attempt attempt, Request request) {
        return changed(request, (observer, sent) -> observer.attemptBegins(attempt, sent));
    }

    /** Each may change header fields, and nothing else. */
    private synchronized Request changed(Request request, BiFunction<ExchangeObserver, Request, Request> how) {
        Request given = request;
        for (int i = 0; i < observers.length; i++) {
            ExchangeObserver observer = observers[i];
            if (observer == null) {
                continue;
            }
            try {
                given = request.withHeaders(how.apply(observer, given).headers());
            } catch (Throwable failure) { // the request has nothing to do with it
                observers[i] = null;
                tell(failure);
            }
        }
        return given;
    }

    void attemptEnded(Attempt attempt, int status, @Nullable Throwable failure) {
        for (int i = 0; i < observers.length; i++) {
            tell(i, observer -> observer.attemptEnded(attempt, status, failure));
        }
    }

    void answered(Response response) {
        for (int i = 0; i < observers.length; i++) {
            tell(i, observer -> observer.answered(response));
        }
    }

    synchronized void ended(Completion completion) {
        for (int i = 0; i < observers.length; i++) {
            tell(i, observer -> observer.ended(completion));
        }
    }

    /**
     * The exchange, of which only bytes pass any more, moves to another generation: exporters that are not in that one may be
     * unloaded, and so hear no more.
     */
    synchronized void moved(List<Exporter> left) {
        for (int i = 0; i < observers.length; i++) {
            if (!left.contains(exporters[i])) {
                observers[i] = null;
                exporters[i] = null;
            }
        }
    }

    /** Whether somebody that observes it is not among those, and so would not hear of its end after a move. */
    synchronized boolean loses(List<Exporter> left) {
        for (int i = 0; i < observers.length; i++) {
            if (observers[i] != null && !left.contains(exporters[i])) {
                return true;
            }
        }
        return false;
    }

    private void tellOfSteps(Consumer<ExchangeObserver> what) {
        for (int i = 0; i < observers.length; i++) {
            if (ofSteps[i]) {
                tell(i, what);
            }
        }
    }

    private synchronized void tell(int which, Consumer<ExchangeObserver> what) {
        ExchangeObserver observer = observers[which];
        if (observer == null) {
            return;
        }
        try {
            what.accept(observer);
        } catch (Throwable failure) { // the request has nothing to do with it
            observers[which] = null;
            tell(failure);
        }
    }

    private static void tell(Throwable failure) {
        long now = System.nanoTime();
        long before = TOLD.get();
        if (now - before >= QUIET_NANOS && TOLD.compareAndSet(before, now)) {
            LOG.log(Level.WARNING, "an exporter failed to observe an exchange, and hears no more of it", failure);
        }
    }
}
