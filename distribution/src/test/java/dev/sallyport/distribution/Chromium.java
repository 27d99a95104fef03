package dev.sallyport.distribution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** A browser that shows one page, without a window; it finds nothing but this machine. */
final class Chromium implements AutoCloseable {

    private final Process process;

    private Chromium(Process process) {
        this.process = process;
    }

    /**
     * Opens a page; skips the test, saying so, where there is no browser.
     *
     * @param folder for its profile and its log
     */
    static Chromium open(Path folder, String page) {
        try {
            return new Chromium(new ProcessBuilder(
                            Command.installed("chromium"),
                            "--headless",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-dev-shm-usage",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync",
                            "--no-first-run",
                            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
                            "--ignore-certificate-errors",
                            "--remote-debugging-port=0",
                            "--user-data-dir=" + folder.resolve("profile"),
                            page)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("chromium.log").toFile())
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        List<ProcessHandle> all = process.descendants().toList();
        process.destroy();
        all.forEach(ProcessHandle::destroy);
        process.onExit().join();
    }
}
