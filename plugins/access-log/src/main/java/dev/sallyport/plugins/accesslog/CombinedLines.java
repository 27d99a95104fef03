package dev.sallyport.plugins.accesslog;

import dev.sallyport.api.Completion;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Request;
import dev.sallyport.records.Lines;
import dev.sallyport.records.QueryMask;
import dev.sallyport.records.Shown;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

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
        Escaped.append(line, consumer == null ? null : consumer.name(), ' ');
        line.append(" [");
        TIME.formatTo(exchange.startedAt(), line);
        line.append("] \"");
        Escaped.append(line, request.method(), '"');
        line.append(' ');
        Escaped.append(line, query == null ? shown.path() : shown.path() + "?" + query, '"');
        line.append(' ').append(exchange.protocol().equals("HTTP/2") ? "HTTP/2.0" : exchange.protocol());
        line.append("\" ").append(completion.status()).append(' ').append(completion.responseBytes());
        line.append(" \"");
        Escaped.append(line, shown.referer(), '"');
        line.append("\" \"");
        Escaped.append(line, shown.header("user-agent", request.header("user-agent")), '"');
        return line.append('"').toString();
    }
}
