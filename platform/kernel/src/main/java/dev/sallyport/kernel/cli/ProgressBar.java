package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.market.Progress;
import java.io.Console;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** Shows how far a transfer is: a bar where people look, a line for each tenth of a large file where they do not. */
final class ProgressBar implements Progress {

    private static final long LARGE = 8L << 20;
    private static final int WIDTH = 30;

    private final PrintWriter err;
    private final boolean terminal;
    private long told;

    ProgressBar(PrintWriter err) {
        this(err, isTerminal(System.console()));
    }

    ProgressBar(PrintWriter err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    private static boolean isTerminal(@Nullable Console console) {
        return console != null && console.isTerminal();
    }

    @Override
    public void at(String file, long at, long size) {
        long part = at * (terminal ? 100 : 10) / size;
        if (part == told || (!terminal && size < LARGE)) {
            return;
        }
        told = part;
        String name = file.substring(file.lastIndexOf('/') + 1);
        if (terminal) {
            int full = (int) (part * WIDTH / 100);
            err.print("\r" + name + " [" + "#".repeat(full) + " ".repeat(WIDTH - full) + "] " + part + "% of "
                    + size(size) + (at == size ? "\n" : ""));
        } else {
            err.println(name + ": " + part * 10 + "% of " + size(size));
        }
        err.flush();
    }

    private static String size(long bytes) {
        return bytes < 1 << 20 ? Math.max(1, bytes >> 10) + " KiB" : (bytes >> 20) + " MiB";
    }
}
