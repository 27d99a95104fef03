package dev.sallyport.plugins.accesslog;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;

/**
 * Sends lines to a server of syslog. While it is away, what is to be written waits, and it is tried again, ever more seldom.
 * There is no acknowledgement in syslog: what broke off is sent again, so that a line may come twice; what the system had
 * taken for a server that then died is lost without anybody knowing.
 */
final class SyslogOutput implements Output {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final SyslogConnection connection;
    private final SyslogMessages messages;
    private final String name;
    private final Logger logger;
    private boolean isAway;
    private volatile boolean closed;

    SyslogOutput(SyslogConnection connection, SyslogMessages messages, String name, Logger logger) {
        this.connection = connection;
        this.messages = messages;
        this.name = name;
        this.logger = logger;
    }

    @Override
    public void write(List<String> lines) throws IOException {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (String line : lines) {
            frames.writeBytes(messages.framed(line));
        }
        byte[] bytes = frames.toByteArray();
        for (Duration pause = FIRST_PAUSE; ; pause = longer(pause)) {
            try {
                connection.send(bytes);
                isBack();
                return;
            } catch (IOException e) {
                if (closed) {
                    throw e;
                }
                isAway(e);
                sleep(pause, e);
            }
        }
    }

    private static Duration longer(Duration pause) {
        Duration next = pause.multipliedBy(2);
        return next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
    }

    private static void sleep(Duration pause, IOException since) throws IOException {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("given up: " + since.getMessage());
            interrupted.initCause(since);
            throw interrupted;
        }
    }

    private void isAway(IOException why) {
        if (!isAway) {
            isAway = true;
            logger.log(Level.WARNING, "access log to " + name + ": waits for it, since " + why);
        }
    }

    private void isBack() {
        if (isAway) {
            isAway = false;
            logger.log(Level.INFO, "access log to " + name + ": goes on");
        }
    }

    @Override
    public void abandon() {
        connection.disconnect();
    }

    @Override
    public void close() {
        closed = true;
        connection.close();
    }
}
