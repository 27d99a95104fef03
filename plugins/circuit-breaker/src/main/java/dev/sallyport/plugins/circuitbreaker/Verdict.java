package dev.sallyport.plugins.circuitbreaker;

import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException;
import java.time.Duration;
import java.util.Set;

/** Makes a call and judges it: which of its ends are failures of the far end, and which say nothing about it. */
final class Verdict {

    private static final class FailedStatus extends Exception {
        private static final long serialVersionUID = 1;

        FailedStatus() {
            super("a status that counts as a failure", null, false, false);
        }
    }

    private final Set<Integer> statuses;
    private final Set<Failure> failures;
    private final FailedStatus failedStatus = new FailedStatus();

    Verdict(CircuitBreakerConfig config) {
        statuses = Set.copyOf(config.statuses());
        failures = config.failures();
    }

    /** Proceeds, and ends the call in any case. */
    Response proceed(Breaker.Call call, Request request, Next next) throws Exception {
        Duration before = request.exchange().elapsed();
        Response response;
        try {
            response = next.proceed(request);
        } catch (UpstreamException failure) {
            end(call, Failure.of(failure), took(request, before), failure);
            throw failure;
        } catch (InterruptedException late) { // who still waits when the time of the exchange is up
            end(call, Failure.TIMEOUT, took(request, before), late);
            throw late;
        } catch (Throwable other) {
            // The client is gone, a target is not available, a step has failed.
            call.dismissed();
            throw other;
        }
        if (response.problem() != null) {
            call.dismissed(); // the gateway's own answer
        } else if (statuses.contains(response.status())) {
            call.failed(took(request, before), failedStatus);
        } else {
            call.succeeded(took(request, before));
        }
        return response;
    }

    private void end(Breaker.Call call, Failure failure, Duration took, Exception why) {
        if (failures.contains(failure)) {
            call.failed(took, why);
        } else {
            call.dismissed();
        }
    }

    private static Duration took(Request request, Duration before) {
        return request.exchange().elapsed().minus(before);
    }
}
