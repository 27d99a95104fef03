package dev.sallyport.kernel.config;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Where the values of a text stand in it, from and to, so that one can be exchanged and the rest be left as it is. */
final class YamlSpans {

    private final String text;
    private final Iterator<Event> events;

    private YamlSpans(String text, Iterator<Event> events) {
        this.text = text;
        this.events = events;
    }

    /** What kind of value it is. */
    enum Kind {
        SCALAR,
        LIST,
        MAP
    }

    /**
     * A value.
     *
     * @param from the index of its first character
     * @param to the index after its last
     * @param flow whether it stands in brackets or braces
     * @param value the text of a scalar; {@code ""} for others
     * @param inside the items of a list; of a map keys and values, in turn
     */
    record Span(Kind kind, int from, int to, boolean flow, String value, List<Span> inside) {

        /** The value of a key; null where it is not there. */
        @Nullable
        Span get(String key) {
            for (int i = 0; i + 1 < inside.size() && kind == Kind.MAP; i += 2) {
                if (inside.get(i).value().equals(key)) {
                    return inside.get(i + 1);
                }
            }
            return null;
        }

        boolean isNothing() {
            return kind == Kind.SCALAR && from == to;
        }
    }

    /** The value that a text is; null where it is none that can be understood. */
    static @Nullable Span of(String text) {
        try {
            LoadSettings settings = LoadSettings.builder()
                    .setCodePointLimit(YamlText.MOST_BYTES)
                    .build();
            Iterator<Event> events = new Parse(settings).parseString(text).iterator();
            while (events.hasNext()) {
                if (events.next() instanceof NodeEvent first) {
                    return new YamlSpans(text, events).span(first);
                }
            }
            return null;
        } catch (YamlEngineException e) {
            return null;
        }
    }

    private Span span(Event event) {
        int from = index(event.getStartMark().orElseThrow());
        int to = index(event.getEndMark().orElseThrow());
        if (!(event instanceof CollectionStartEvent start)) {
            String value = event instanceof ScalarEvent scalar ? scalar.getValue() : "";
            return new Span(
                    Kind.SCALAR, from, event instanceof AliasEvent ? to : trimmed(from, to), false, value, List.of());
        }
        List<Span> inside = new ArrayList<>();
        Event next = events.next();
        while (!(next instanceof SequenceEndEvent) && !(next instanceof MappingEndEvent)) {
            inside.add(span(next));
            next = events.next();
        }
        int end = start.isFlow()
                ? index(next.getEndMark().orElseThrow())
                : inside.isEmpty() ? to : inside.getLast().to(); // the parser's own end is where the next token begins
        Kind kind = event instanceof MappingStartEvent ? Kind.MAP : Kind.LIST;
        return new Span(kind, from, Math.max(from, end), start.isFlow(), "", inside);
    }

    /** A literal's last line feed belongs to what comes after it. */
    private int trimmed(int from, int to) {
        int end = to;
        while (end > from && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    private int index(Mark mark) {
        return text.offsetByCodePoints(0, mark.getIndex());
    }
}
