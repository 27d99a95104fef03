package dev.sallyport.kernel.plan;

import dev.sallyport.kernel.config.ConfigNode;
import dev.sallyport.kernel.config.ConfigNode.Entry;
import dev.sallyport.kernel.config.ConfigNode.Mapping;
import dev.sallyport.kernel.config.ConfigNode.Scalar;
import dev.sallyport.kernel.config.ConfigNode.Sequence;
import dev.sallyport.kernel.config.WrittenConfig;
import dev.sallyport.kernel.config.WrittenText;
import dev.sallyport.kernel.plan.Difference.Detail;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is different in one part of a configuration. */
final class Details {

    private static final int LONGEST = 200;

    /** What stands beside a step's type. */
    private static final Set<String> STEP_KEYS =
            Set.of("id", "mode", "when", "version", "onError", "failOpen", "canary", "share", "required", "use");

    private final List<Detail> found = new ArrayList<>();

    private Details() {}

    static List<Detail> of(@Nullable ConfigNode old, @Nullable ConfigNode now) {
        Details details = new Details();
        details.compare("", old, now);
        return details.found;
    }

    private void compare(String path, @Nullable ConfigNode old, @Nullable ConfigNode now) {
        if (same(old, now)) {
            return;
        }
        if (isSteps(path, old, now)) {
            steps(items(old), items(now));
        } else if (either(old, now) instanceof Mapping && isMapping(old) && isMapping(now)) {
            mappings(path, entries(old), entries(now));
        } else if (old instanceof Sequence || now instanceof Sequence) {
            lists(path, old, now);
        } else {
            add(path, old, now);
        }
    }

    private void mappings(String path, Map<String, Entry> old, Map<String, Entry> now) {
        Set<String> keys = new LinkedHashSet<>(now.keySet());
        keys.addAll(old.keySet());
        for (String key : keys) {
            if (path.isEmpty() && key.equals("name") && (old.isEmpty() || now.isEmpty())) {
                continue; // the part is called by it
            }
            String below = path.isEmpty() ? key : path + (path.endsWith(":") ? " " : ".") + key;
            compare(below, value(old, key), value(now, key));
        }
    }

    private void lists(String path, @Nullable ConfigNode old, @Nullable ConfigNode now) {
        List<ConfigNode> before = items(old);
        List<ConfigNode> after = items(now);
        boolean maps = before.size() == after.size()
                && before.stream().allMatch(Mapping.class::isInstance)
                && after.stream().allMatch(Mapping.class::isInstance);
        if (!maps) {
            add(path, old, now);
            return;
        }
        for (int i = 0; i < before.size(); i++) {
            compare(before.size() == 1 ? path : path + "[" + i + "]", before.get(i), after.get(i));
        }
    }

    private static boolean isSteps(String path, @Nullable ConfigNode old, @Nullable ConfigNode now) {
        List<ConfigNode> all = new ArrayList<>(items(old));
        all.addAll(items(now));
        boolean list = (old == null || old instanceof Sequence) && (now == null || now instanceof Sequence);
        return list
                && (path.isEmpty() || path.equals("plugins"))
                && all.stream().allMatch(item -> item instanceof Mapping step && type(step) != null);
    }

    private void steps(List<ConfigNode> old, List<ConfigNode> now) {
        Map<String, Mapping> before = byId(old);
        Map<String, Mapping> after = byId(now);
        after.forEach((id, step) -> {
            Mapping was = before.get(id);
            if (was == null) {
                found.add(new Detail("step " + id, null, text(step)));
            } else {
                settings(id, was, step);
            }
        });
        before.forEach((id, step) -> {
            if (!after.containsKey(id)) {
                found.add(new Detail("step " + id, text(step), null));
            }
        });
        List<String> kept = after.keySet().stream().filter(before::containsKey).toList();
        if (!kept.equals(before.keySet().stream().filter(after::containsKey).toList())) {
            found.add(new Detail(
                    "order of steps", String.join(", ", before.keySet()), String.join(", ", after.keySet())));
        }
    }

    /** What is set of a step, its settings as if they stood beside the rest. */
    private void settings(String id, Mapping old, Mapping now) {
        String type = String.valueOf(type(now));
        if (same(old, now)) {
            return;
        }
        if (!type.equals(type(old))) {
            found.add(new Detail("step " + id, text(old), text(now)));
            return;
        }
        int before = found.size();
        compare("step " + id + ":", old.get(type), now.get(type));
        Map<String, Entry> beside = new LinkedHashMap<>(old.entries());
        Map<String, Entry> besideNow = new LinkedHashMap<>(now.entries());
        beside.remove(type);
        besideNow.remove(type);
        mappings("step " + id + ":", beside, besideNow);
        if (found.size() == before) {
            found.add(new Detail("step " + id, text(old), text(now)));
        }
    }

    /** By the ids that they have in their chain. */
    private static Map<String, Mapping> byId(List<ConfigNode> steps) {
        Map<String, Mapping> byId = new LinkedHashMap<>();
        for (ConfigNode item : steps) {
            if (item instanceof Mapping step) {
                String given = step.get("id") instanceof Scalar id ? id.written() : type(step);
                String id = String.valueOf(given);
                for (int i = 2; byId.containsKey(id); i++) {
                    id = given + "-" + i;
                }
                byId.put(id, step);
            }
        }
        return byId;
    }

    /** The key that names the filter, or {@code use <chain>}; null where it is no step. */
    private static @Nullable String type(Mapping step) {
        if (step.get("use") instanceof Scalar chain) {
            return "use " + chain.written();
        }
        return step.entries().keySet().stream()
                .filter(key -> !STEP_KEYS.contains(key))
                .findFirst()
                .orElse(null);
    }

    private void add(String path, @Nullable ConfigNode old, @Nullable ConfigNode now) {
        String before = old == null ? null : text(old);
        String after = now == null ? null : text(now);
        if (after != null && after.equals(before) && after.contains(WrittenConfig.HIDDEN)) {
            after += ", another value";
        }
        found.add(new Detail(path.isEmpty() ? "all" : path, before, after));
    }

    private static String text(ConfigNode node) {
        String flow = WrittenText.flow(node);
        return flow.length() > LONGEST ? flow.substring(0, LONGEST - 1) + "…" : flow;
    }

    private static @Nullable ConfigNode either(@Nullable ConfigNode one, @Nullable ConfigNode other) {
        return one == null ? other : one;
    }

    private static boolean isMapping(@Nullable ConfigNode node) {
        return node == null || node instanceof Mapping;
    }

    private static @Nullable ConfigNode value(Map<String, Entry> entries, String key) {
        Entry entry = entries.get(key);
        return entry == null || (entry.value() instanceof Scalar scalar && scalar.isNull()) ? null : entry.value();
    }

    private static Map<String, Entry> entries(@Nullable ConfigNode node) {
        return node instanceof Mapping mapping ? mapping.entries() : Map.of();
    }

    private static List<ConfigNode> items(@Nullable ConfigNode node) {
        return switch (node) {
            case null -> List.of();
            case Sequence list -> list.items();
            default -> List.of(node);
        };
    }

    /** Whether they say the same; a value alone says what a list of it says. */
    private static boolean same(@Nullable ConfigNode old, @Nullable ConfigNode now) {
        if (old == null || now == null) {
            return old == null && now == null;
        }
        if (old instanceof Scalar a && now instanceof Scalar b) {
            return a.text().equals(b.text()) && a.written().equals(b.written()) && a.isNull() == b.isNull();
        }
        if (old instanceof Sequence || now instanceof Sequence) {
            List<ConfigNode> a = items(old);
            List<ConfigNode> b = items(now);
            for (int i = 0; i < a.size() && a.size() == b.size(); i++) {
                if (!same(a.get(i), b.get(i))) {
                    return false;
                }
            }
            return a.size() == b.size();
        }
        if (old instanceof Mapping a && now instanceof Mapping b) {
            Set<String> keys = new LinkedHashSet<>(a.entries().keySet());
            keys.addAll(b.entries().keySet());
            return keys.stream().allMatch(key -> same(value(a.entries(), key), value(b.entries(), key)));
        }
        return false;
    }
}
