package dev.sallyport.kernel.config;

import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Shorthand;
import dev.sallyport.api.processor.ConfigRoot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys that may stand beside a step's type. */
@ConfigRoot("step")
public record StepKeys(
        @Doc("Its name in logs, metrics and skip; its type if not given.") @Nullable
        String id,

        @Doc("Whether it runs, and whether what it decides counts: monitor runs it, tells what it would have done,"
                + " and enforces nothing.")
        @Default("enforce")
        Mode mode,

        @Doc("Which versions of its plugin may serve: 1.4.0, ~1.4 or ^1.") @Nullable
        String version,

        @Doc("Only the requests that any of these take pass through it.") @Shorthand
        List<GatewayConfig.When> when,

        @Doc("What becomes of a request when it fails: an error, or all goes on as if it were not there.")
        @Default("fail")
        OnError onError,

        @Doc("That requests may enter unjudged: must be given with onError: skip on a step that decides access.")
        @Nullable
        FailOpen failOpen,

        @Doc("Gives a share of its requests to another version of it, and compares them.") @Nullable
        Canary canary,

        @Doc("Steps of one type and config that share this name have one instance.") @Nullable
        String share,

        @Doc("Whether routes may not skip it.") boolean required) {

    /** What stands beside the step that is its canary. */
    StepKeys of(Canary tried) {
        String other = tried.version() == null ? version : tried.version();
        return new StepKeys(id, mode, other, when, onError, failOpen, null, share, required);
    }

    /** Whether a step runs. */
    public enum Mode {
        ENFORCE,
        MONITOR,
        OFF
    }

    /** What becomes of a request when a step fails. */
    public enum OnError {
        FAIL,
        SKIP
    }

    /** That somebody has thought of it. */
    public enum FailOpen {
        ACCEPTED
    }
}
