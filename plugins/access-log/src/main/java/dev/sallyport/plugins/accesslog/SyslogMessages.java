package dev.sallyport.plugins.accesslog;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Makes messages of RFC 5424, with the count of their octets before them (RFC 5425 §4.3, RFC 6587 §3.4.1). For one thread. */
final class SyslogMessages {

    private static final int INFORMATIONAL = 6;
    private static final int SEVERITIES = 8;
    private static final int LONGEST_HOST = 255;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final InstantSource clock;
    private final String before;
    private final String after;

    SyslogMessages(Destination.Facility facility, String app, InstantSource clock) {
        this.clock = clock;
        before = "<" + (facility.code() * SEVERITIES + INFORMATIONAL) + ">1 ";
        after = " " + hostName() + " " + app + " " + ProcessHandle.current().pid() + " access - ";
    }

    /** The message with that line, which is taken as it is: it has no line breaks, and needs no mark that it is UTF-8. */
    byte[] framed(String line) {
        byte[] message = (before + TIME.format(clock.instant()) + after + line).getBytes(StandardCharsets.UTF_8);
        byte[] count = (message.length + " ").getBytes(StandardCharsets.US_ASCII);
        byte[] frame = new byte[count.length + message.length];
        System.arraycopy(count, 0, frame, 0, count.length);
        System.arraycopy(message, 0, frame, count.length, message.length);
        return frame;
    }

    private static String hostName() {
        try {
            String name = InetAddress.getLocalHost().getHostName();
            boolean fits = !name.isEmpty()
                    && name.length() <= LONGEST_HOST
                    && name.chars().allMatch(c -> c > ' ' && c < 0x7f);
            return fits ? name : "-";
        } catch (UnknownHostException unknown) {
            return "-";
        }
    }
}
