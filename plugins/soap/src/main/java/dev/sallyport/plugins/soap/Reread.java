package dev.sallyport.plugins.soap;

import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.plugins.soap.SoapFiles.BadFileException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A filter by the files of a WSDL, made anew when they have changed and then stood still. Where that fails, the one that there
 * was goes on to serve, and the log says why.
 */
final class Reread implements Filter {

    private static final long LOOK_MILLIS = 500;

    /** What is wrong may stand in a file that is not known yet, so what has failed is tried again at each of so many looks. */
    private static final int LOOKS_BETWEEN = 20;

    private final Maker maker;
    private final FilterContext context;
    private volatile Made made;
    private volatile String failure = "";
    private Map<Path, Look> told;
    private Map<Path, Look> last;
    private int looks;

    /** A filter, and the files that it was made of. */
    record Made(Filter filter, Set<Path> files) {}

    /** Makes it. */
    interface Maker {
        Made make() throws BadFileException;
    }

    private record Look(long modified, long size) {}

    private Reread(Maker maker, FilterContext context) throws BadFileException {
        this.maker = maker;
        this.context = context;
        made = maker.make();
        told = look();
        last = told;
    }

    /**
     * Makes it for the first time, and watches its files until the step is closed.
     *
     * @throws BadFileException where it cannot be made
     */
    static Filter of(Maker maker, FilterContext context) throws BadFileException {
        return of(maker, context, LOOK_MILLIS);
    }

    /** The same, with another time between looks. */
    static Filter of(Maker maker, FilterContext context, long lookMillis) throws BadFileException {
        Reread filter = new Reread(maker, context);
        var _ = context.scheduler()
                .scheduleWithFixedDelay(filter::lookAgain, lookMillis, lookMillis, TimeUnit.MILLISECONDS);
        return filter;
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        return made.filter().handle(request, next);
    }

    @Override
    public Explanation explain(Request request) throws Exception {
        return made.filter().explain(request);
    }

    @Override
    public Map<String, ?> state() {
        Map<String, Object> state = new HashMap<>(made.filter().state());
        if (!failure.isEmpty()) {
            state.put("failure", failure);
        }
        return state;
    }

    private synchronized void lookAgain() {
        Map<Path, Look> now = look();
        boolean still = now.equals(last);
        last = now;
        looks++;
        boolean again = !failure.isEmpty() && looks >= LOOKS_BETWEEN;
        if (!still || (now.equals(told) && !again)) {
            return;
        }
        looks = 0;
        told = now;
        try {
            made = context.cpu(maker::make);
            told = look();
            failure = "";
            context.logger().log(Level.INFO, "{0}: read again, since a file has changed", context.key());
        } catch (BadFileException | ConfigException e) {
            fail(String.valueOf(e.getMessage()));
        } catch (Exception | LinkageError | StackOverflowError e) {
            fail(e.toString());
        }
    }

    private void fail(String why) {
        if (why.equals(failure)) {
            return;
        }
        failure = why;
        context.logger().log(Level.WARNING, "{0}: what was read before goes on to serve: {1}", context.key(), why);
    }

    private Map<Path, Look> look() {
        Map<Path, Look> looks = new HashMap<>();
        for (Path file : made.files()) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                looks.put(file, new Look(attributes.lastModifiedTime().toMillis(), attributes.size()));
            } catch (IOException absent) {
                // absent is a state too: it has no entry
            }
        }
        return looks;
    }
}
