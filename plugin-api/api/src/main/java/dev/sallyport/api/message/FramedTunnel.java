package dev.sallyport.api.message;

import dev.sallyport.api.Response;
import dev.sallyport.api.Tunnel;
import dev.sallyport.api.message.Messages.Opener;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a WebSocket. Several steps share one: its frames are read once. The two lanes are the two ends' outputs,
 * so whoever copies bytes between the ends moves the messages too, and waits where the receiver is slow.
 */
final class FramedTunnel implements Tunnel {

    private static final long PATIENCE_SECONDS = 5;

    private final Tunnel far;
    private final ScheduledExecutorService scheduler;
    private final Logger log;
    private final List<Seat> seats = new CopyOnWriteArrayList<>(); // from the innermost step outwards
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile boolean cutOff;
    private volatile @Nullable Ends ends;
    private int mostOfClient = Integer.MAX_VALUE;
    private int mostOfUpstream = Integer.MAX_VALUE;

    /** What is there once the client has been joined. */
    private record Ends(Tunnel near, Lane up, Lane down) {

        Lane of(Sender from) {
            return from == Sender.CLIENT ? up : down;
        }

        Lane to(Sender receiver) {
            return receiver == Sender.CLIENT ? down : up;
        }
    }

    FramedTunnel(Tunnel far, ScheduledExecutorService scheduler, Logger log) {
        this.far = far;
        this.scheduler = scheduler;
        this.log = log;
    }

    /** Adds a step that stands further out than those before; only until the client is joined. */
    @Nullable
    MessageFilter add(Response response, Opener opener, int ofClient, int ofUpstream) {
        Seat seat = new Seat(seats.size());
        MessageFilter filter = opener.open(response, seat);
        if (filter != null) {
            seat.filter = filter;
            seats.add(seat);
            mostOfClient = Math.min(mostOfClient, ofClient);
            mostOfUpstream = Math.min(mostOfUpstream, ofUpstream);
        }
        return filter;
    }

    @Override
    public Tunnel facing(Tunnel client) {
        ends = new Ends(
                client,
                new Lane(this, Sender.CLIENT, far.output(), mostOfClient),
                new Lane(this, Sender.UPSTREAM, client.output(), mostOfUpstream));
        return new Tunnel() {

            @Override
            public InputStream input() {
                return new Ending(client.input());
            }

            @Override
            public OutputStream output() {
                return joined().down();
            }

            @Override
            public void close() {
                client.close();
            }
        };
    }

    @Override
    public InputStream input() {
        joined();
        return new Ending(far.input());
    }

    @Override
    public OutputStream output() {
        return joined().up();
    }

    @Override
    public void close() {
        far.close();
    }

    private Ends joined() {
        Ends both = ends;
        if (both == null) { // else messages would pass unseen
            throw new IllegalStateException("tunnel: not joined (expected: whoever wraps it passes facing(…) on)");
        }
        return both;
    }

    boolean isClosing() {
        return closing.get();
    }

    /** Whether both ends were closed for good, so that what breaks is no failure. */
    boolean isCutOff() {
        return cutOff;
    }

    /** What becomes of a message of that side. */
    @Nullable
    Message pass(Message message, Sender from) {
        return pass(message, from, from == Sender.CLIENT ? seats.size() - 1 : 0);
    }

    private @Nullable Message pass(Message message, Sender from, int first) {
        Message passed = message;
        int step = from == Sender.CLIENT ? -1 : 1;
        try {
            for (int i = first; i >= 0 && i < seats.size() && passed != null; i += step) {
                Seat seat = seats.get(i);
                passed = switch (passed) {
                    case Message.Ping ping -> seat.filter.ping(ping, from, seat);
                    case Message.Close close -> seat.filter.closing(close, from, seat);
                    case Message other -> seat.filter.message(other, from, seat);
                };
                if (passed instanceof Message.Event) {
                    throw new IllegalArgumentException("an event (expected: a message of a WebSocket)");
                }
            }
            return passed;
        } catch (Exception | StackOverflowError failure) { // a filter's own: it harms this connection only
            log.log(Level.WARNING, "a message of the " + word(from) + " could not be judged", failure);
            close(new Message.Close(1011, ""), new Message.Close(1011, ""));
            return null;
        }
    }

    /** Tells the one who broke the protocol how, and the other one that it is over. */
    void violated(Sender by, int code, String reason) {
        Message.Close own = new Message.Close(code, reason);
        for (Seat seat : seats) {
            try {
                seat.filter.broken(by, own);
            } catch (RuntimeException failure) {
                log.log(
                        Level.WARNING,
                        "a step could not be told that the " + word(by) + " broke the protocol",
                        failure);
            }
        }
        boolean ofClient = by == Sender.CLIENT;
        close(
                ofClient ? own : new Message.Close(1011, "the upstream sent " + reason),
                ofClient ? new Message.Close(1001, "the client has left") : own);
        end(by); // nothing that it sends can be read any more, so its goodbye is not waited for
    }

    /** One side has answered the goodbye. */
    void saidBye(Sender side) {
        end(side);
    }

    private void end(Sender side) {
        try {
            joined().to(side).close();
        } catch (IOException e) {
            cut();
        }
    }

    private void close(Message.Close toClient, Message.Close toUpstream) {
        Ends both = ends;
        if (both == null || !closing.compareAndSet(false, true)) {
            return;
        }
        var _ = scheduler.schedule(this::cut, PATIENCE_SECONDS, TimeUnit.SECONDS);
        try {
            both.up().put(toUpstream); // before the client can answer, and with its answer end this lane
            both.down().put(toClient);
            both.down().flush();
            both.up().flush();
        } catch (IOException e) {
            cut();
        }
    }

    private void cut() {
        cutOff = true;
        far.close();
        Ends both = ends;
        if (both != null) {
            both.near().close();
        }
    }

    private static String word(Sender sender) {
        return sender == Sender.CLIENT ? "client" : "upstream";
    }

    /** One step's place. */
    private final class Seat implements Conversation {

        private final int index;
        private MessageFilter filter = (message, from, conversation) -> message; // until it is known

        Seat(int index) {
            this.index = index;
        }

        @Override
        public boolean send(Sender from, Message message) {
            if (message instanceof Message.Event || message instanceof Message.Close) {
                throw new IllegalArgumentException("send: " + message.getClass().getSimpleName()
                        + " (expected: a text or binary message; close(…) ends it)");
            }
            Ends both = ends;
            if (both == null || isClosing()) {
                return false;
            }
            Message passed = pass(message, from, from == Sender.CLIENT ? index - 1 : index + 1);
            try {
                boolean sent = passed != null && both.of(from).put(passed);
                both.of(from).flush();
                return sent;
            } catch (IOException e) {
                cut();
                return false;
            }
        }

        @Override
        public void close(int code, String reason) {
            Message.Close close = new Message.Close(code, reason);
            FramedTunnel.this.close(close, close);
        }
    }

    /** Ends, rather than breaks, once both ends were closed on purpose. */
    private final class Ending extends FilterInputStream {

        Ending(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (cutOff) {
                return -1;
            }
            try {
                return in.read(bytes, offset, length);
            } catch (IOException e) {
                if (cutOff) {
                    return -1;
                }
                throw e;
            }
        }
    }
}
