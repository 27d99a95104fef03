package dev.sallyport.kernel.log;

import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One JSON object a line, for machines: {@code time level logger message error}. */
final class JsonFormat extends Formatter {

    private static final JsonMapper JSON = new JsonMapper();

    @Override
    public String format(LogRecord record) {
        ObjectNode line = JSON.createObjectNode();
        line.put("time", record.getInstant().toString());
        line.put("level", Levels.name(record));
        line.put("logger", record.getLoggerName());
        line.put("message", formatMessage(record));
        if (record.getThrown() != null) {
            line.put("error", Levels.stack(record.getThrown()));
        }
        return line + "\n";
    }
}
