package dev.sallyport.plugins.accesslog;

import dev.sallyport.api.config.Doc;
import java.io.IOException;
import java.nio.file.Path;

/** Where lines go. Equal ones share a writer. */
public sealed interface Destination {

    /** The standard output of the gateway's process. */
    record Stdout() implements Destination {
        @Override
        public Output open() {
            return Output.of(System.out);
        }

        @Override
        public String toString() {
            return "stdout";
        }
    }

    /** The standard error of the gateway's process. */
    record Stderr() implements Destination {
        @Override
        public Output open() {
            return Output.of(System.err);
        }

        @Override
        public String toString() {
            return "stderr";
        }
    }

    /**
     * A file.
     *
     * @param path its path; it is made, with its folder, where it is not there
     */
    record File(
            @Doc("A file to append to; opened anew when it was moved away.")
            Path path) implements Destination {
        @Override
        public Output open() throws IOException {
            return new FileOutput(path);
        }

        @Override
        public Destination normal() {
            return new File(path.toAbsolutePath().normalize());
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    /** Opens it for writing. */
    Output open() throws IOException;

    /** The one way of writing it. */
    default Destination normal() {
        return this;
    }
}
