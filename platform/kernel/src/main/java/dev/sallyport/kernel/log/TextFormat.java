package dev.sallyport.kernel.log;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/** One line a record, for people: {@code 12:30:01.250 WARN  rate-limit  …}. Line breaks in a message are indented. */
final class TextFormat extends Formatter {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

    @Override
    public String format(LogRecord record) {
        StringBuilder line = new StringBuilder(160);
        TIME.formatTo(record.getInstant().atZone(ZoneId.systemDefault()), line);
        line.append(' ').append(String.format("%-5s", Levels.name(record))).append(' ');
        line.append(record.getLoggerName()).append("  ");
        line.append(formatMessage(record).replace("\r", "\\r").replace("\n", "\n    "));
        if (record.getThrown() != null) {
            line.append("\n    ").append(Levels.stack(record.getThrown()).replace("\n", "\n    "));
        }
        return line.append('\n').toString();
    }
}
