package dev.sallyport.plugins.jsontransform;

import dev.sallyport.api.Json;
import dev.sallyport.json.Pointer.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** The plain way of changing a document: all of it in memory, one operation after the other. */
sealed interface Tree {

    JsonFactory FACTORY = new JsonFactory();

    /** A number or word, as it is written. */
    record Raw(String text) implements Tree {}

    record Text(String text) implements Tree {}

    record Elements(List<Tree> all) implements Tree {}

    record Members(List<Member> all) implements Tree {}

    record Member(String name, Tree value) {}

    /** Reads a document by a library. */
    static Tree read(byte[] json) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            Tree tree = read(parser);
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("more than one document");
            }
            return tree;
        }
    }

    private static Tree read(JsonParser parser) {
        switch (parser.currentToken()) {
            case START_OBJECT -> {
                List<Member> members = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    members.add(new Member(name, read(parser)));
                }
                return new Members(members);
            }
            case START_ARRAY -> {
                List<Tree> elements = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(read(parser));
                }
                return new Elements(elements);
            }
            case VALUE_STRING -> {
                return new Text(parser.getString());
            }
            default -> {
                return new Raw(parser.getString());
            }
        }
    }

    static Tree of(@Nullable Object value) {
        List<@Nullable Object> alone = new ArrayList<>();
        alone.add(value);
        Members object =
                (Members) read(Json.write(Map.of("v", alone)).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return ((Elements) object.all().getFirst().value()).all().getFirst();
    }

    /** The tree after that change. */
    default Tree after(Change change, List<Tree> values) {
        Tree value = change.value() < 0 ? null : values.get(change.value());
        Tree result = change(this, change, change.place().steps(), value);
        if (result == null) {
            throw new AssertionError("the document is gone");
        }
        return result;
    }

    /** Null where it is taken out. */
    private static @Nullable Tree change(Tree tree, Change change, List<Step> steps, @Nullable Tree value) {
        if (steps.isEmpty()) {
            return switch (change.kind()) {
                case SET, REPLACE -> value;
                case ADD, RENAME -> tree;
                case REMOVE -> null;
                case MASK -> masked(tree);
            };
        }
        Step step = steps.getFirst();
        List<Step> rest = steps.subList(1, steps.size());
        return switch (tree) {
            case Members members -> ofMembers(members, change, step, rest, value);
            case Elements elements -> ofElements(elements, change, step, rest, value);
            default -> tree;
        };
    }

    private static Tree ofMembers(Members members, Change change, Step step, List<Step> rest, @Nullable Tree value) {
        if (change.kind() == Change.Kind.RENAME && rest.isEmpty()) {
            return renamed(members, step.name(), change.name());
        }
        boolean found = false;
        List<Member> changed = new ArrayList<>();
        for (Member member : members.all()) {
            boolean here = !step.isEnd() && (step.any() || step.name().equals(member.name()));
            found |= here;
            Tree now = here ? change(member.value(), change, rest, value) : member.value();
            if (now != null) {
                changed.add(new Member(member.name(), now));
            }
        }
        if (!found && !step.any() && !step.isEnd() && change.kind().makes() && value != null) {
            Tree made = made(rest, value);
            if (made != null) {
                changed.add(new Member(step.name(), made));
            }
        }
        return new Members(changed);
    }

    private static Tree renamed(Members members, String old, String name) {
        List<Member> changed = new ArrayList<>();
        boolean found = false;
        for (Member member : members.all()) {
            if (!member.name().equals(old) && !member.name().equals(name)) {
                changed.add(member);
            } else if (!found) {
                found = true;
                changed.add(new Member(name, member.value()));
            }
        }
        return new Members(changed);
    }

    private static @Nullable Tree made(List<Step> steps, Tree value) {
        if (steps.isEmpty()) {
            return value;
        }
        Step step = steps.getFirst();
        Tree inside = made(steps.subList(1, steps.size()), value);
        if (inside == null || step.any() || step.isIndex()) {
            return null;
        }
        return step.isEnd() ? new Elements(List.of(inside)) : new Members(List.of(new Member(step.name(), inside)));
    }

    private static Tree ofElements(Elements elements, Change change, Step step, List<Step> rest, @Nullable Tree value) {
        List<Tree> changed = new ArrayList<>();
        for (int i = 0; i < elements.all().size(); i++) {
            boolean here = step.any() || step.name().equals(Integer.toString(i));
            boolean renames = change.kind() == Change.Kind.RENAME && rest.isEmpty();
            Tree now = here && !renames
                    ? change(elements.all().get(i), change, rest, value)
                    : elements.all().get(i);
            if (now != null) {
                changed.add(now);
            }
        }
        if (step.isEnd() && rest.isEmpty() && value != null) {
            changed.add(value);
        }
        return new Elements(changed);
    }

    private static Tree masked(Tree tree) {
        return switch (tree) {
            case Members members ->
                new Members(members.all().stream()
                        .map(member -> new Member(member.name(), masked(member.value())))
                        .toList());
            case Elements elements ->
                new Elements(elements.all().stream().map(Tree::masked).toList());
            case Raw raw when raw.text().equals("null") -> raw;
            default -> new Text("***");
        };
    }
}
