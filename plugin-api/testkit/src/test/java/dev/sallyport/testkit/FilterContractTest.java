package dev.sallyport.testkit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Body;
import dev.sallyport.api.ClientGoneException;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The contract's controls: filters that keep it pass, and for each rule one that breaks it turns that rule red. */
final class FilterContractTest {

    @Nested
    final class PassesAFilterThatDoesNothing extends FilterContract {
        @Override
        protected Filter create(FakeContext context) {
            return (request, next) -> next.proceed(request);
        }
    }

    @Nested
    final class PassesAFilterThatMapsBothBodies extends FilterContract {
        @Override
        protected Filter create(FakeContext context) {
            return (request, next) -> {
                Response response = next.proceed(request.withBody(request.body().map(in -> in)));
                return response.withBody(response.body().map(in -> in));
            };
        }
    }

    @Nested
    final class PassesAFilterThatBuffersBothBodies extends FilterContract {
        @Override
        protected Filter create(FakeContext context) {
            return (request, next) -> {
                Response response = next.proceed(request.withBody(request.body().buffered(1000)));
                return response.withBody(response.body().buffered(1000));
            };
        }
    }

    @Nested
    final class PassesAFilterThatAnswers extends FilterContract {
        @Override
        protected Filter create(FakeContext context) {
            return (request, next) -> Response.text(200, "hello");
        }

        @Override
        protected Set<Trait> traits() {
            return EnumSet.of(Trait.ANSWERS);
        }
    }

    @Nested
    final class PassesAFilterThatRetriesAndHandlesFailures extends FilterContract {
        @Override
        protected Filter create(FakeContext context) {
            return (request, next) -> {
                Request replayable = request.withBody(request.body().buffered(1000));
                try {
                    next.proceed(replayable).body().close();
                    return next.proceed(replayable);
                } catch (UpstreamException e) {
                    return Response.of(e.kind().status());
                }
            };
        }

        @Override
        protected Set<Trait> traits() {
            return EnumSet.of(Trait.RETRIES, Trait.HANDLES_FAILURES);
        }
    }

    @Nested
    final class PassesAFilterThatSharesResponses extends FilterContract {
        @Override
        protected Filter create(FakeContext context) {
            AtomicReference<Response> kept = new AtomicReference<>();
            return (request, next) -> {
                if (kept.get() == null) {
                    Response response = next.proceed(request);
                    kept.compareAndSet(null, response.withBody(response.body().buffered(1000)));
                }
                return kept.get();
            };
        }

        @Override
        protected Set<Trait> traits() {
            return EnumSet.of(Trait.SHARES_RESPONSES);
        }
    }

    @Nested
    final class PassesAFilterWithTasksAndLeases extends FilterContract {
        @Override
        protected Filter create(FakeContext context) throws Exception {
            CountDownLatch never = new CountDownLatch(1);
            context.scheduler().submit(() -> {
                never.await();
                return null;
            });
            context.lease("client", () -> () -> {});
            return (request, next) ->
                    next.proceed(request.withHeader("x-thread", context.cpu(Thread.currentThread()::getName)));
        }
    }

    @Test
    void refusesAFilterThatReturnsNull() {
        var contract = contractOf((request, next) -> {
            next.proceed(request);
            return null;
        });
        assertRed(contract::answersAndCallsNextOnce, "response");
    }

    @Test
    void refusesAFilterThatCallsNextTwice() {
        var contract = contractOf((request, next) -> {
            next.proceed(request);
            return next.proceed(request);
        });
        assertRed(contract::answersAndCallsNextOnce, "calls of next");
    }

    @Test
    void refusesAFilterThatDoesNotCallNext() {
        assertRed(contractOf((request, next) -> Response.of(200))::answersAndCallsNextOnce, "calls of next");
    }

    @Test
    void refusesAFilterThatSaysItAnswersAndCallsNext() {
        var contract = new Control(context -> (request, next) -> next.proceed(request)) {
            @Override
            protected Set<Trait> traits() {
                return EnumSet.of(Trait.ANSWERS);
            }
        };
        assertRed(contract::answersAndCallsNextOnce, "calls of next");
    }

    @Test
    void refusesAFilterThatCallsNextAfterItHasReturned() {
        var contract = new Control(context -> new Filter() {
            private Request kept = Requests.get("/").build();
            private Next keptNext = FakeNext.ok();

            @Override
            public Response handle(Request request, Next next) {
                kept = request;
                keptNext = next;
                return Response.of(200);
            }

            @Override
            public void close() {
                assertThatCode(() -> keptNext.proceed(kept)).doesNotThrowAnyException();
            }
        });
        assertRed(contract::doesNotCallNextAfterItHasReturned, "after the step has returned");
    }

    @Test
    void refusesAFilterThatPassesOnARequestBodyItHasRead() {
        var contract = contractOf((request, next) -> {
            request.body().open().readAllBytes();
            return next.proceed(request);
        });
        assertRed(contract::leavesTheRequestBodyUnreadOrClosesIt, "opened again");
    }

    @Test
    void refusesAFilterThatReplacesARequestBodyWithoutClosingIt() {
        var contract = contractOf((request, next) -> next.proceed(request.withBody(Body.empty())));
        assertRed(contract::leavesTheRequestBodyUnreadOrClosesIt, "closed the request body that it replaced");
    }

    @Test
    void refusesAFilterThatPassesOnAResponseBodyItHasRead() {
        var contract = contractOf((request, next) -> {
            Response response = next.proceed(request);
            response.body().open().readAllBytes();
            return response;
        });
        assertRed(contract::leavesTheResponseBodyUnreadOrClosesIt, "untouched");
    }

    @Test
    void refusesAFilterThatReplacesAResponseBodyWithoutClosingIt() {
        var contract = contractOf((request, next) -> next.proceed(request).withBody(Body.of("other")));
        assertRed(contract::leavesTheResponseBodyUnreadOrClosesIt, "closed the response body that it replaced");
    }

    @Test
    void refusesAFilterThatReadsAResponseBodyWithoutClosingIt() {
        var contract = contractOf((request, next) -> {
            Response response = next.proceed(request);
            InputStream in = response.body().open();
            return response.withBody(Body.of(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        });
        assertRed(contract::leavesTheResponseBodyUnreadOrClosesIt, "closed the response body that it replaced");
    }

    @Test
    void refusesAFilterThatHidesFailuresOfTheUpstream() {
        var contract = contractOf((request, next) -> {
            try {
                return next.proceed(request);
            } catch (UpstreamException e) {
                return Response.of(502);
            }
        });
        assertRed(contract::passesFailuresOfTheUpstreamOn, "what comes out of the step");
    }

    @Test
    void refusesAFilterThatWrapsFailuresOfTheUpstream() {
        var contract = contractOf((request, next) -> {
            try {
                return next.proceed(request);
            } catch (UpstreamException e) {
                throw new IllegalStateException(e);
            }
        });
        assertRed(contract::passesFailuresOfTheUpstreamOn, "what comes out of the step");
    }

    @Test
    void refusesAFilterThatHidesThatTheClientIsGone() {
        var contract = contractOf((request, next) -> {
            try {
                return next.proceed(request);
            } catch (ClientGoneException e) {
                return Response.of(502);
            }
        });
        assertRed(contract::passesOnThatTheClientIsGone, "what comes out of the step");
    }

    @Test
    void refusesAFilterThatHidesFailuresOfLaterSteps() {
        var contract = contractOf((request, next) -> {
            try {
                return next.proceed(request);
            } catch (IllegalStateException e) {
                return Response.of(500);
            }
        });
        assertRed(contract::passesFailuresOfLaterStepsOn, "what comes out of the step");
    }

    @Test
    void refusesAFilterThatLetsOneExchangeInAtATime() {
        ReentrantLock lock = new ReentrantLock();
        var contract = contractOf((request, next) -> {
            lock.lock();
            try {
                return next.proceed(request);
            } finally {
                lock.unlock();
            }
        });
        assertRed(contract::servesAHundredExchangesAtOnce, "failures of 100 exchanges");
    }

    @Test
    void refusesAFilterThatKeepsTheRequestInAField() {
        AtomicReference<Request> field = new AtomicReference<>();
        var contract = contractOf((request, next) -> {
            field.set(request);
            return next.proceed(request)
                    .withHeader("x-contract", field.get().exchange().id());
        });
        assertRed(contract::servesAHundredExchangesAtOnce, "mark of the response");
    }

    @Test
    void refusesAFilterThatPassesOnTheRequestOfAnotherExchange() {
        AtomicReference<Request> first = new AtomicReference<>();
        var contract = contractOf((request, next) -> {
            first.compareAndSet(null, request);
            return next.proceed(first.get());
        });
        assertRed(contract::servesAHundredExchangesAtOnce, "failures of 100 exchanges");
    }

    @Test
    void refusesAFilterThatShowsTheLastExchangeToTheUpstream() {
        AtomicReference<String> last = new AtomicReference<>("none");
        var contract = contractOf((request, next) -> next.proceed(
                request.withHeader("x-last", last.getAndSet(request.exchange().id()))));
        assertRed(contract::keepsNothingOfAnExchangeForTheNext, "request of the second exchange");
    }

    @Test
    void refusesAFilterThatShowsTheLastExchangeToTheClient() {
        AtomicReference<String> last = new AtomicReference<>("none");
        var contract = contractOf((request, next) -> next.proceed(request)
                .withHeader("x-last", last.getAndSet(request.exchange().id())));
        assertRed(contract::keepsNothingOfAnExchangeForTheNext, "response of the second exchange");
    }

    @Test
    void refusesAFilterThatCannotBeClosedTwice() {
        var contract = new Control(context -> new Filter() {
            private boolean closed;

            @Override
            public Response handle(Request request, Next next) throws Exception {
                return next.proceed(request);
            }

            @Override
            public void close() {
                if (closed) {
                    throw new IllegalStateException("closed twice");
                }
                closed = true;
            }
        });
        assertRed(contract::closingItTwiceDoesNoHarm, "second close");
    }

    @Test
    void refusesAFilterThatLeavesAPlatformThread() throws Exception {
        assertThreadTurnsItRed(Thread.ofPlatform().daemon().name("left-behind"));
    }

    @Test
    void refusesAFilterThatLeavesAVirtualThread() throws Exception {
        assertThreadTurnsItRed(Thread.ofVirtual().name("left-behind"));
    }

    private static void assertThreadTurnsItRed(Thread.Builder threads) throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        AtomicReference<Thread> left = new AtomicReference<>();
        var contract = new Control(context -> {
            left.set(threads.start(() -> {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
            return (request, next) -> next.proceed(request);
        });
        assertRed(contract::leavesNoThreadBehind, "left-behind");
        end.countDown();
        left.get().join();
    }

    private static Control contractOf(Filter filter) {
        return new Control(context -> filter);
    }

    private static void assertRed(Executable rule, String message) {
        assertThatThrownBy(rule::execute).isInstanceOf(Throwable.class).hasMessageContaining(message);
    }

    private interface Factory {
        Filter create(FakeContext context);
    }

    /** A contract that is run by hand, so that its failure can be looked at. */
    private static class Control extends FilterContract {

        private final Factory factory;

        Control(Factory factory) {
            this.factory = factory;
        }

        @Override
        protected Filter create(FakeContext context) {
            return factory.create(context);
        }

        @Override
        Duration patience() {
            return Duration.ofMillis(500);
        }
    }
}
