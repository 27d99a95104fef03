package dev.sallyport.plugins.jsontransform;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import com.dashjoin.jsonata.Jsonata.Fn1;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.config.Expression;
import dev.sallyport.json.BadContentException;
import dev.sallyport.json.Bytes;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * A document made of another one by JSONata. Immutable; used by many threads at once.
 *
 * <p>The library leaves things behind on the threads that it runs on, so it runs on none that lives on: each document has a
 * thread of its own, for which a place in the bounded pool is taken.
 */
final class Template {

    /** How many expressions may be evaluated within each other. */
    static final int MAX_DEPTH = 300;

    private final Jsonata template;
    private final String text;
    private final long nanos;
    private final FilterContext context;

    private Template(Jsonata template, String text, long nanos, FilterContext context) {
        this.template = template;
        this.text = text;
        this.nanos = nanos;
        this.context = context;
    }

    /**
     * Compiles one.
     *
     * @param nanos how long it may take for one document
     * @throws IllegalArgumentException where it is none; the message says where
     */
    static Template compile(String text, long nanos, FilterContext context) {
        return new Template(checked(text), text, nanos, context);
    }

    /**
     * Looks whether it is one.
     *
     * @throws IllegalArgumentException where it is none
     */
    static Jsonata checked(String text) {
        int regex = TemplateText.regex(text);
        if (regex >= 0) {
            throw new IllegalArgumentException("template, " + TemplateText.place(text, regex)
                    + ": a regular expression (expected: none, since its time has no bound); use $contains, $split and"
                    + " $substringBefore with texts");
        }
        try {
            return alone(() -> Jsonata.jsonata(text));
        } catch (JException e) {
            throw new IllegalArgumentException(
                    "template, " + TemplateText.place(text, e.getLocation()) + ": " + e.getMessage()
                            + " (expected: JSONata)",
                    e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Makes the document.
     *
     * @throws BadContentException where the template fails
     */
    void apply(byte[] json, Request request, Bytes out) throws BadContentException {
        try {
            context.cpu(() -> alone(() -> {
                JsonTree.write(evaluate(JsonTree.read(json), request), out);
                return out;
            }));
        } catch (JException e) {
            throw failed(String.valueOf(e.getError()).length() == 5 ? e.getError() : "a failure", e.getLocation());
        } catch (RuntimeException e) {
            throw failed("no JSON came of it", -1);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private @Nullable Object evaluate(Object document, Request request) {
        Jsonata.Frame frame = template.createFrame();
        Bounds bounds = new Bounds(System.nanoTime() + nanos);
        frame.setEvaluateEntryCallback((_, _, _) -> bounds.enter());
        frame.setEvaluateExitCallback((_, _, _, _) -> bounds.leave());
        frame.bind(
                "eval",
                Jsonata.function(
                        "eval",
                        (Fn1<Object, Object>) _ -> {
                            throw new JException("D3120", -1);
                        },
                        "<x:x>"));
        frame.bind(
                "from", Jsonata.function("from", (Fn1<String, @Nullable Object>) name -> from(name, request), "<s:x>"));
        try {
            return template.evaluate(document, frame);
        } catch (StackOverflowError e) {
            throw new JException("U1001", -1);
        }
    }

    private static @Nullable Object from(String expression, Request request) {
        try {
            return Expression.parse(expression).value(request);
        } catch (IllegalArgumentException e) {
            throw new JException("D3001", -1);
        }
    }

    private BadContentException failed(@Nullable String reason, int location) {
        String place = location < 0 ? "" : " at " + TemplateText.place(text, location) + " of the template";
        return new BadContentException(new Problem(400, "transform-failed", "Transform failed")
                .withDetail("the template does not take this document: " + reason + place));
    }

    private static final class Bounds {

        private final long until;
        private int depth;

        Bounds(long until) {
            this.until = until;
        }

        void enter() {
            if (++depth > MAX_DEPTH) {
                throw new JException("U1001", -1);
            }
            if (System.nanoTime() - until > 0 || Thread.currentThread().isInterrupted()) {
                throw new JException("U1001", -1);
            }
        }

        void leave() {
            depth--;
        }
    }

    /** Runs on a thread that ends with it. */
    private static <T> T alone(Callable<T> task) throws Exception {
        FutureTask<T> run = new FutureTask<>(task);
        Thread thread = Thread.ofPlatform()
                .name("json-transform template")
                .daemon()
                .inheritInheritableThreadLocals(false)
                .start(run);
        try {
            thread.join();
            return run.get();
        } catch (InterruptedException e) {
            thread.interrupt();
            throw e;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Exception failure -> throw failure;
                case Error error -> throw error;
                case null, default -> throw e;
            }
        }
    }
}
