package dev.sallyport.kernel.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;

/**
 * One direction of a tunnel: passes bytes on as they are; that of a WebSocket can be told to say goodbye between two frames.
 *
 * <p>One thread copies. Any other may end it, and waits then while the copying one writes.
 */
final class TunnelDirection {

    private final InputStream in;
    private final OutputStream out;
    private final Frames frames = new Frames();
    private final ReentrantLock writing = new ReentrantLock();

    private volatile byte[] goodbye = {};
    private boolean ended; // guarded by writing

    TunnelDirection(InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    /**
     * Copies until nothing more comes, and half-closes the far side then; once it was ended, only until the sender has said
     * goodbye too.
     *
     * @param passed told how many bytes were passed on
     * @return whether it was ended: the sender's connection is of no use any more
     */
    boolean copy(IntConsumer passed) throws IOException {
        byte[] buffer = new byte[8192];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            passed.accept(pass(buffer, read));
            if (isOver()) {
                return true;
            }
        }
        out.close();
        return isEnded();
    }

    private int pass(byte[] bytes, int count) throws IOException {
        writing.lock();
        try {
            int passed = count;
            if (ended) {
                passed = 0;
            } else if (goodbye.length > 0) {
                passed = frames.followToEnd(bytes, 0, count);
            } else {
                frames.follow(bytes, 0, count);
            }
            if (passed > 0) {
                out.write(bytes, 0, passed);
                out.flush();
            }
            sayGoodbye();
            if (passed < count) {
                frames.follow(bytes, passed, count - passed); // not passed on, only to see the sender's own goodbye
            }
            return passed;
        } finally {
            writing.unlock();
        }
    }

    /** Has it pass on the frame that is under way, and then this one, and nothing more. Waits for nothing: {@link #end} does. */
    void endWith(byte[] closeFrame) {
        goodbye = closeFrame;
    }

    /** Says goodbye at once if no frame is under way. Waits for what is being written. */
    void end() throws IOException {
        writing.lock();
        try {
            sayGoodbye();
        } finally {
            writing.unlock();
        }
    }

    private void sayGoodbye() throws IOException {
        if (!ended && goodbye.length > 0 && frames.isBetween()) {
            ended = true;
            if (!frames.isClosed()) { // else the sender has said so itself
                out.write(goodbye);
                out.flush();
            }
        }
    }

    private boolean isOver() {
        writing.lock();
        try {
            return ended && frames.isClosed();
        } finally {
            writing.unlock();
        }
    }

    private boolean isEnded() {
        writing.lock();
        try {
            return ended;
        } finally {
            writing.unlock();
        }
    }
}
