package dev.sallyport.kernel.step;

import dev.sallyport.api.AdminPages;
import dev.sallyport.kernel.plugin.LoadedArtefact;
import dev.sallyport.kernel.plugin.PluginException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The pages that a plugin serves on the admin address, and the streams that they have open. Thread-safe. */
public final class GivenPages implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("admin");

    /** How long a stream has to end by itself, before its thread is interrupted; and then again. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String name;
    private final AdminPages pages;
    private final LoadedArtefact plugin;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition oneEnded = lock.newCondition();
    private final Set<Running> running = new HashSet<>();
    private boolean ended;

    GivenPages(String name, AdminPages pages, LoadedArtefact plugin) {
        this.name = name;
        this.pages = pages;
        this.plugin = plugin;
    }

    /** What the plugin has made. */
    AdminPages pages() {
        return pages;
    }

    /**
     * Has a call answered, on a thread of the plugin's own.
     *
     * @throws PluginException where they fail, or take too long
     */
    public AdminPages.Answer answer(AdminPages.Call call) throws PluginException {
        Handover handover = new Handover();
        AdminPages.Answer answer;
        try {
            answer = plugin.call(
                    "answering " + call.method() + " " + call.base() + call.path(),
                    () -> handover.give(pages.answer(call)));
        } catch (PluginException e) {
            handover.leave();
            throw e;
        }
        if (answer == null) {
            throw new PluginException(plugin + ": service " + name + " answered null (expected: an answer)");
        }
        return answer;
    }

    /** An answer that comes when nobody waits for it any more: its stream is closed, which is nobody else's then. */
    private static final class Handover {

        private boolean left;
        private AdminPages.@Nullable Answer given;

        /** On the plugin's thread. */
        AdminPages.@Nullable Answer give(AdminPages.@Nullable Answer answer) {
            boolean late;
            synchronized (this) {
                given = answer;
                late = left;
            }
            if (late) {
                close(answer);
            }
            return answer;
        }

        void leave() {
            AdminPages.Answer answer;
            synchronized (this) {
                left = true;
                answer = given;
            }
            close(answer);
        }

        private static void close(AdminPages.@Nullable Answer answer) {
            AdminPages.Stream stream = answer == null ? null : answer.stream();
            if (stream != null) {
                stream.close();
            }
        }
    }

    /** Writes a stream that an answer has, on this thread, until it has ended or is to end. */
    public void write(AdminPages.Stream stream, OutputStream out) throws IOException, InterruptedException {
        Running here = new Running(stream, Thread.currentThread());
        if (!begin(here)) {
            return;
        }
        try {
            plugin.within(() -> stream.writeTo(out));
        } catch (InterruptedException e) {
            if (!isEnded()) {
                throw e;
            }
            // What is written so far is all: the response ends as any other.
        } catch (RuntimeException | StackOverflowError | LinkageError e) {
            throw new IOException(
                    "service " + name + " failed to write: " + e); // as text: what is thrown holds the plugin
        } finally {
            end(here);
        }
    }

    /** A stream that is written. */
    private record Running(AdminPages.Stream stream, Thread thread) {}

    private boolean begin(Running here) {
        lock.lock();
        try {
            return !ended && running.add(here);
        } finally {
            lock.unlock();
        }
    }

    private void end(Running here) {
        lock.lock();
        try {
            running.remove(here);
            oneEnded.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean isEnded() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /** No stream begins any more, and those that run are told to end. */
    public void endStreams() {
        Set<Running> all;
        lock.lock();
        try {
            ended = true;
            all = Set.copyOf(running);
        } finally {
            lock.unlock();
        }
        if (all.isEmpty()) {
            return;
        }
        try {
            boolean _ = plugin.call("ending the streams of service " + name, () -> end(all));
        } catch (PluginException late) { // their threads are interrupted later
            LOG.log(System.Logger.Level.WARNING, String.valueOf(late.getMessage()));
        }
    }

    private boolean end(Set<Running> all) {
        for (Running each : all) {
            try {
                each.stream().close();
            } catch (Throwable failure) {
                LOG.log(System.Logger.Level.DEBUG, "a stream of service {0} failed to close: {1}", name, failure);
            }
        }
        return true;
    }

    /** Ends the streams and waits until their threads have left the plugin. */
    @Override
    public void close() {
        endStreams();
        lock.lock();
        try {
            if (!awaitNone()) {
                running.forEach(each -> each.thread().interrupt());
                if (!awaitNone()) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "{0} streams of service {1} do not end; the plugin stays in memory until they do",
                            running.size(),
                            name);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitNone() {
        long left = PATIENCE_NANOS;
        try {
            while (!running.isEmpty() && left > 0) {
                left = oneEnded.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return running.isEmpty();
    }
}
