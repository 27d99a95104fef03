package dev.sallyport.api.message;

import dev.sallyport.api.message.FrameReader.ViolationException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One direction of a WebSocket: takes the bytes of its sender, has the messages in them seen, and writes what is left of
 * them to the receiver. One thread copies; others may add messages of their own.
 */
final class Lane extends OutputStream {

    private static final int FLUSH_AT = 64 << 10;

    private final FramedTunnel tunnel;
    private final Sender from;
    private final OutputStream out;
    private final FrameReader reader;
    private final ReentrantLock writing = new ReentrantLock();
    private final Frame frames;
    private boolean saidBye; // guarded by writing
    private boolean ended; // guarded by writing
    private boolean broken; // of the one who copies

    Lane(FramedTunnel tunnel, Sender from, OutputStream out, int most) {
        this.tunnel = tunnel;
        this.from = from;
        this.out = out;
        reader = new FrameReader(from == Sender.CLIENT, most);
        frames = new Frame(from == Sender.CLIENT);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    /** All messages that these bytes complete are seen, then what is left of them goes out at once. */
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (broken) {
            return;
        }
        try {
            reader.read(bytes, offset, length, this::seen);
            flush();
        } catch (ViolationException e) {
            broken = true;
            flush();
            tunnel.violated(from, e.code(), String.valueOf(e.getMessage()));
        }
    }

    private void seen(Message message) throws IOException {
        if (tunnel.isClosing()) {
            if (message instanceof Message.Close) {
                tunnel.saidBye(from);
            }
            return;
        }
        Message passed = tunnel.pass(message, from);
        if (passed != null) {
            put(passed);
        }
    }

    /** Writes a message with those that follow; says whether it will go out. */
    boolean put(Message message) throws IOException {
        writing.lock();
        try {
            if (saidBye || ended) {
                return false; // nothing follows a close frame
            }
            frames.add(message);
            saidBye = message instanceof Message.Close;
            if (frames.count() >= FLUSH_AT) {
                flush();
            }
            return true;
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void flush() throws IOException {
        writing.lock();
        try {
            if (frames.count() > 0 && !ended) {
                out.write(frames.bytes(), 0, frames.count());
                out.flush();
            }
            frames.clear();
        } catch (IOException e) {
            if (!tunnel.isCutOff()) {
                throw e;
            }
        } finally {
            writing.unlock();
        }
    }

    /** The sender has ended, or the receiver is to hear no more. */
    @Override
    public void close() throws IOException {
        writing.lock();
        try {
            flush();
            ended = true;
            out.close();
        } catch (IOException e) {
            if (!tunnel.isCutOff()) {
                throw e;
            }
        } finally {
            writing.unlock();
        }
    }
}
