package dev.sallyport.plugins.accesslog;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Shorthand;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Where lines go. Equal ones share a writer. */
public sealed interface Destination {

    /** The standard output of the gateway's process. */
    record Stdout() implements Destination {
        @Override
        public Output open(InstantSource clock, Logger logger) {
            return Output.of(new FileOutputStream(FileDescriptor.out));
        }

        @Override
        public String toString() {
            return "stdout";
        }
    }

    /** The standard error of the gateway's process. */
    record Stderr() implements Destination {
        @Override
        public Output open(InstantSource clock, Logger logger) {
            return Output.of(new FileOutputStream(FileDescriptor.err));
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
     * @param rotate when it is put aside; null where others do that, if anybody does
     */
    record File(
            @Doc("A file to append to; opened anew when it was moved away.") @Shorthand
            Path path,

            @Doc("Puts it aside when it is large or old, and begins a new one.") @Nullable
            Rotation rotate)
            implements Destination {

        @Override
        public Output open(InstantSource clock, Logger logger) throws IOException {
            return new FileOutput(path, rotate, clock, logger);
        }

        @Override
        public Destination normal() {
            return new File(path.toAbsolutePath().normalize(), rotate);
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    /**
     * A server that takes messages of RFC 5424.
     *
     * @param address host and port
     * @param tls what there is to say of TLS; null for a connection in clear text
     * @param facility what part of a system it comes from
     * @param app the name of the application
     */
    record Syslog(
            @Doc("Host and port of a server of syslog over TCP: logs.example.com:601.")
            HostAndPort address,

            @Doc("Talks TLS (RFC 5425); {} for what the Java runtime trusts.") @Nullable
            Tls tls,

            @Doc("The facility.") @Default("local0") Facility facility,

            @Doc("The name of the application.") @Default("sallyport")
            String app)
            implements Destination {

        private static final int LONGEST_APP = 48;

        /** @throws ConfigException where the name cannot stand in a message */
        public Syslog {
            if (app.isEmpty() || app.length() > LONGEST_APP || !app.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                throw new ConfigException(
                        "app", app + " (expected: 1 to " + LONGEST_APP + " visible characters of ASCII)");
            }
        }

        @Override
        public Output open(InstantSource clock, Logger logger) {
            return new SyslogOutput(
                    new SyslogConnection(address, tls == null ? null : tls.context(), tls),
                    new SyslogMessages(facility, app, clock),
                    toString(),
                    logger);
        }

        @Override
        public String toString() {
            return (tls == null ? "syslog " : "syslog with TLS ") + address;
        }
    }

    /** The facilities of RFC 5424 §6.2.1 that are for applications. */
    enum Facility {
        /** 1 */
        USER(1),
        /** 3 */
        DAEMON(3),
        /** 16 */
        LOCAL0(16),
        /** 17 */
        LOCAL1(17),
        /** 18 */
        LOCAL2(18),
        /** 19 */
        LOCAL3(19),
        /** 20 */
        LOCAL4(20),
        /** 21 */
        LOCAL5(21),
        /** 22 */
        LOCAL6(22),
        /** 23 */
        LOCAL7(23);

        private final int code;

        Facility(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    /** Opens it for writing. */
    Output open(InstantSource clock, Logger logger) throws IOException;

    /** The one way of writing it. */
    default Destination normal() {
        return this;
    }
}
