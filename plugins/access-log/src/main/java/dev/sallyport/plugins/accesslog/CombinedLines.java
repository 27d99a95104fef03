package dev.sallyport.plugins.accesslog;

import dev.sallyport.api.Completion;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Request;
import dev.sallyport.records.Lines;
import dev.sallyport.records.QueryMask;
import dev.sallyport.records.Shown;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The combined log format of Apache httpd and nginx, times in UTC. What could end a value or a line is written as nginx
 * does: {@code \x22}.
 */
final class CombinedLines implements Lines {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss xx", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final QueryMask mask;

    CombinedLines(QueryMask mask) {
        this.mask = mask;
    }

    @Override
    public String line(Request request, Completion completion) {
        Exchange exchange = request.exchange();
        Consumer consumer = exchange.consumer();
        Shown shown = Shown.of(request, mask);
        String query = shown.query();
        StringBuilder line = new StringBuilder(256);
        line.append(exchange.client().getHostAddress()).append(" - ");
        value(line, consumer == null ? null : consumer.name(), ' ');
        line.append(" [");
        TIME.formatTo(exchange.startedAt(), line);
        line.append("] \"");
        value(line, request.method(), '"');
        line.append(' ');
        value(line, query == null ? shown.path() : shown.path() + "?" + query, '"');
        line.append(' ').append(exchange.protocol().equals("HTTP/2") ? "HTTP/2.0" : exchange.protocol());
        line.append("\" ").append(completion.status()).append(' ').append(completion.responseBytes());
        line.append(" \"");
        value(line, shown.referer(), '"');
        line.append("\" \"");
        value(line, shown.header("user-agent", request.header("user-agent")), '"');
        return line.append('"').toString();
    }

    private static void value(StringBuilder line, @Nullable String value, char end) {
        if (value == null || value.isEmpty()) {
            line.append('-');
            return;
        }
        String text = Lines.cut(value);
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (c >= ' ' && c < 0x7f && c != '"' && c != '\\' && c != end) {
                line.append((char) c);
            } else {
                for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                    line.append("\\x").append(HexFormat.of().withUpperCase().toHexDigits(b));
                }
            }
        }
    }
}
