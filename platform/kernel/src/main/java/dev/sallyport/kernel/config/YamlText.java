package dev.sallyport.kernel.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Reads one document of YAML 1.2 (or JSON, which is YAML) from the parser's events: places are exact, scalars stay text,
 * duplicate keys are seen, aliases are counted and bounded.
 */
final class YamlText {

    static final int MOST_BYTES = 10 << 20;
    private static final int MOST_ALIASES = 50;
    private static final int MOST_NODES = 1_000_000;
    private static final int MOST_DEPTH = 100;
    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");

    private final String file;
    private final Consumer<ConfigProblem> problems;
    private final Map<String, Anchored> anchors = new HashMap<>();
    private int aliases;
    private int nodes;

    private record Anchored(ConfigNode node, int size) {}

    /** Ends the reading of a text: what follows cannot be understood. */
    private static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient Place place;

        Stop(Place place, String message) {
            super(message, null, false, false);
            this.place = place;
        }
    }

    /**
     * @param file the name to give in places
     * @param problems takes what is wrong
     */
    YamlText(String file, Consumer<ConfigProblem> problems) {
        this.file = file;
        this.problems = problems;
    }

    /** Reads the text; an empty mapping where it is empty, null where it cannot be understood. */
    @Nullable
    ConfigNode parse(String text) {
        ConfigNode nothing = new ConfigNode.Mapping(Map.of(), new Place(file, 1, 1));
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setCodePointLimit(MOST_BYTES)
                .build();
        Place odd = unprintable(text);
        if (odd != null) {
            error(odd, "", "a control character (expected: text); remove it, or write an escape in double quotes");
            return null;
        }
        try {
            Iterator<Event> events = new Parse(settings).parseString(text).iterator();
            ConfigNode root = null;
            while (events.hasNext()) {
                Event event = events.next();
                if (event instanceof DocumentStartEvent && root != null) {
                    throw new Stop(
                            place(event), "a second document (expected: one a file); move it to a file of its own");
                }
                if (event instanceof NodeEvent) {
                    root = node(event, events, 0, "");
                }
            }
            return root == null ? nothing : root;
        } catch (Stop e) {
            error(e.place, "", String.valueOf(e.getMessage()));
        } catch (MarkedYamlEngineException e) {
            Place place =
                    e.getProblemMark().or(e::getContextMark).map(this::place).orElse(nothing.place());
            error(within(text, place), "", YamlMend.explain(e, text, this::place));
        } catch (YamlEngineException e) {
            String problem = YamlMend.line(e.getMessage());
            error(
                    nothing.place(),
                    "",
                    problem.startsWith("Version{")
                            ? "a directive of another version (expected: YAML 1.2); remove the line"
                            : problem + " (expected: YAML); mend or remove it");
        }
        return null;
    }

    private @Nullable Place unprintable(String text) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            if (!StreamReader.isPrintable(text.codePointAt(i))) {
                return behind(file, text.substring(0, i));
            }
        }
        return null;
    }

    /** The parser counts an end that is no character: a place is at most one behind the last one of a line. */
    private static Place within(String text, Place place) {
        String[] lines = text.split("\r\n|\r|\n", -1);
        if (place.line() > lines.length) {
            return behind(place.file(), text);
        }
        String line = lines[place.line() - 1];
        return new Place(
                place.file(), place.line(), Math.min(place.column(), line.codePointCount(0, line.length()) + 1));
    }

    /** The place behind a text that is the beginning of a file: a line ends as YAML has it, the column counts characters. */
    static Place behind(String file, String text) {
        int line = 1;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || (c == '\r' && !text.startsWith("\n", i + 1))) {
                line++;
                start = i + 1;
            }
        }
        return new Place(file, line, text.codePointCount(start, text.length()) + 1);
    }

    private void error(Place place, String key, String message) {
        problems.accept(new ConfigProblem(ConfigProblem.Severity.ERROR, place, key, message));
    }

    private ConfigNode node(Event event, Iterator<Event> events, int depth, String path) {
        Place place = place(event);
        if (++nodes > MOST_NODES) {
            throw new Stop(place, "over " + MOST_NODES + " values (expected: fewer); split the file");
        }
        if (depth > MOST_DEPTH) {
            throw new Stop(place, "nested over " + MOST_DEPTH + " deep (expected: less); flatten it");
        }
        int before = nodes;
        ConfigNode node = switch (event) {
            case ScalarEvent scalar -> scalar(scalar, place);
            case AliasEvent alias -> alias(alias, place);
            case SequenceStartEvent start -> {
                refuseTag(start.getTag(), place);
                yield sequence(events, place, depth, path);
            }
            case MappingStartEvent start -> {
                refuseTag(start.getTag(), place);
                yield mapping(events, place, depth, path);
            }
            default -> throw new Stop(place, event.getEventId() + " (expected: a value); mend it");
        };
        if (event instanceof NodeEvent anchored && !(event instanceof AliasEvent)) {
            anchored.getAnchor()
                    .ifPresent(anchor -> anchors.put(anchor.getValue(), new Anchored(node, nodes - before + 1)));
        }
        return node;
    }

    private ConfigNode scalar(ScalarEvent event, Place place) {
        refuseTag(event.getTag(), place);
        boolean quoted = !event.isPlain();
        String text = !quoted && NULLS.contains(event.getValue()) ? "" : event.getValue();
        return new ConfigNode.Scalar(text, quoted, place);
    }

    private ConfigNode alias(AliasEvent event, Place place) {
        String name = event.getAlias().getValue();
        Anchored anchored = anchors.get(name);
        if (anchored == null) {
            throw new Stop(
                    place, "*" + name + " (expected: an anchor &" + name + " before it); quote it: '*" + name + "'");
        }
        nodes += anchored.size();
        if (++aliases > MOST_ALIASES) {
            throw new Stop(
                    place, "over " + MOST_ALIASES + " aliases (expected: fewer); use a chain, or copy the values");
        }
        if (nodes > MOST_NODES) {
            throw new Stop(place, "*" + name + " grows over " + MOST_NODES + " values (expected: fewer); remove it");
        }
        return anchored.node();
    }

    private ConfigNode sequence(Iterator<Event> events, Place place, int depth, String path) {
        List<ConfigNode> items = new ArrayList<>();
        for (Event event = events.next(); !(event instanceof SequenceEndEvent); event = events.next()) {
            items.add(node(event, events, depth + 1, path + "[" + items.size() + "]"));
        }
        return new ConfigNode.Sequence(List.copyOf(items), place);
    }

    private ConfigNode mapping(Iterator<Event> events, Place place, int depth, String path) {
        Map<String, ConfigNode.Entry> entries = new LinkedHashMap<>();
        for (Event event = events.next(); !(event instanceof MappingEndEvent); event = events.next()) {
            Place at = place(event);
            if (!(event instanceof ScalarEvent key)) {
                throw new Stop(at, "a key that is no text (expected: a name and a colon); quote it");
            }
            refuseTag(key.getTag(), at);
            String name = key.getValue();
            String below = Sources.join(path, name);
            ConfigNode value = node(events.next(), events, depth + 1, below);
            ConfigNode.Entry first = entries.get(name);
            if (name.equals("<<") && key.isPlain()) {
                error(at, below, "<< (expected: a key); YAML 1.2 merges nothing: copy the keys, or use a chain");
            } else if (name.isEmpty() && key.isPlain()) {
                error(at, path, "a colon without a key (expected: a name before it); quote a value that starts with :");
            } else if (first != null) {
                error(at, below, "given twice (expected: once, as at " + first.key() + "); remove one of the two");
            } else {
                entries.put(name, new ConfigNode.Entry(at, value));
            }
        }
        return new ConfigNode.Mapping(Collections.unmodifiableMap(entries), place);
    }

    private static void refuseTag(Optional<?> tag, Place place) {
        tag.ifPresent(found -> {
            String mend = found.toString().startsWith("!") ? "quote the value where ! means not" : "remove the tag";
            throw new Stop(place, found + " (expected: a value without a tag); " + mend);
        });
    }

    private Place place(Event event) {
        return event.getStartMark().map(this::place).orElse(new Place(file, 1, 1));
    }

    private Place place(Mark mark) {
        return new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
    }
}
