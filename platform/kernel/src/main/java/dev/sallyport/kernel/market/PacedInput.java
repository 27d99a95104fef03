package dev.sallyport.kernel.market;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Reads, and gives up where bytes come too slowly: whoever sends one a minute would keep a reader for ever. */
final class PacedInput extends FilterInputStream {

    private final Pace pace;
    private final AtomicLong count = new AtomicLong();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean slow;

    PacedInput(InputStream in, Pace pace) {
        super(in);
        this.pace = pace;
        Thread.ofVirtual().name("pace").start(this::watch);
    }

    private void watch() {
        try {
            long before = 0;
            while (!closed.await(pace.window().toMillis(), TimeUnit.MILLISECONDS)) {
                long now = count.get();
                if (now - before < pace.least()) {
                    slow = true;
                    in.close();
                    return;
                }
                before = now;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            return; // its reader is told all the same
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read;
        try {
            read = super.read(bytes, offset, length);
        } catch (IOException e) {
            throw slow ? tooSlow() : e;
        }
        if (slow) {
            throw tooSlow();
        }
        count.addAndGet(Math.max(read, 0));
        return read;
    }

    private IOException tooSlow() {
        return new IOException("it sends less than " + pace.least() + " bytes in "
                + pace.window().toMillis() / 1000.0 + " s");
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        super.close();
    }
}
