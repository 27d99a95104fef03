package dev.sallyport.plugins.soap;

import dev.sallyport.plugins.soap.Particle.Group;
import dev.sallyport.plugins.soap.Particle.Order;
import dev.sallyport.plugins.soap.Particle.Use;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.namespace.QName;

/**
 * How the content of a type looks in JSON.
 *
 * <ol>
 *   <li>Each element is a member of the object of the element around it, by its local name; by {@code {namespace}name} where
 *       two of one local name are there.
 *   <li>It is an array where it may be there more than once.
 *   <li>A group of several elements that may be there more than once is an array {@code #items} of objects, one for each time,
 *       since arrays of each of its elements would not tell which stood before which. A second one is {@code #items2}.
 * </ol>
 */
final class Shapes {

    private static final String ITEMS = "#items";

    private Shapes() {}

    /** The same content with all of this decided. */
    static Group arranged(Group root) {
        Numbering numbering = new Numbering();
        Group made = keyed(root, numbering);
        Group whole = made.key() == null ? made : new Group(Order.SEQUENCE, List.of(made), 1, 1, null);
        return (Group) counted(whole, new HashMap<>(), true);
    }

    private static final class Numbering {
        private int next = 1;

        private String key() {
            int number = next++;
            return number == 1 ? ITEMS : ITEMS + number;
        }
    }

    private static Group keyed(Group group, Numbering numbering) {
        if (group.max() > 1 && isSeveral(group)) {
            String key = numbering.key();
            Group inner = keyed(new Group(group.order(), group.parts(), 1, 1, null), new Numbering());
            return new Group(inner.order(), inner.parts(), group.min(), group.max(), key);
        }
        List<Particle> parts = new ArrayList<>();
        for (Particle part : group.parts()) {
            if (part instanceof Group inner && inner.key() != null) {
                parts.add(new Group(inner.order(), inner.parts(), inner.min(), inner.max(), numbering.key()));
            } else if (part instanceof Group inner) {
                Group made = keyed(inner, numbering);
                boolean plain = made.key() == null && made.min() == 1 && made.max() == 1;
                if (plain && made.order() == Order.SEQUENCE && group.order() == Order.SEQUENCE) {
                    parts.addAll(made.parts());
                } else {
                    parts.add(made);
                }
            } else if (part instanceof Use use
                    && use.max() > 1
                    && !use.element().substitutes().isEmpty()) {
                Use once = new Use(use.element(), 1, 1, false, false);
                parts.add(new Group(Order.CHOICE, List.of(once), use.min(), use.max(), numbering.key()));
            } else {
                parts.add(part);
            }
        }
        return new Group(group.order(), parts, group.min(), group.max(), group.key());
    }

    /** Whether it has more than one element of its own, so that arrays of each would lose their order. */
    private static boolean isSeveral(Group group) {
        int elements = 0;
        for (Particle part : group.parts()) {
            elements += part instanceof Group inner
                    ? (isSeveral(inner) ? 2 : 1)
                    : part instanceof Use use ? weight(use) : 1;
        }
        return elements > 1;
    }

    private static int weight(Use use) {
        return 1 + use.element().substitutes().size();
    }

    private static Particle counted(Particle particle, Map<QName, Integer> around, boolean scope) {
        if (!(particle instanceof Group group)) {
            return particle;
        }
        Map<QName, Integer> counts = scope || group.key() != null ? counts(group) : around;
        List<Particle> parts = new ArrayList<>();
        for (Particle part : group.parts()) {
            if (part instanceof Use use) {
                boolean array = counts.getOrDefault(use.element().name(), 0) > 1;
                parts.add(new Use(use.element(), use.min(), use.max(), array, isAmbiguous(use, counts.keySet())));
            } else {
                parts.add(counted(part, counts, false));
            }
        }
        return new Group(group.order(), List.copyOf(parts), group.min(), group.max(), group.key());
    }

    private static boolean isAmbiguous(Use use, Set<QName> names) {
        for (QName name : names) {
            for (QName own : names(use)) {
                if (name.getLocalPart().equals(own.getLocalPart()) && !name.equals(own)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static List<QName> names(Use use) {
        List<QName> names = new ArrayList<>();
        names.add(use.element().name());
        use.element().substitutes().forEach(each -> names.add(each.name()));
        return names;
    }

    /** How often each element may be there in one object, at most; more than once is 2. */
    private static Map<QName, Integer> counts(Group scope) {
        Map<QName, Integer> counts = new HashMap<>();
        for (Particle part : scope.parts()) {
            of(part).forEach((name, count) -> counts.merge(
                    name, count, scope.order() == Order.CHOICE ? Math::max : (one, other) -> Math.min(2, one + other)));
        }
        return counts;
    }

    private static Map<QName, Integer> of(Particle particle) {
        Map<QName, Integer> counts = new HashMap<>();
        if (particle instanceof Use use) {
            names(use).forEach(name -> counts.put(name, use.max() > 1 ? 2 : 1));
        } else if (particle instanceof Group group && group.key() == null) {
            counts.putAll(counts(group));
            if (group.max() > 1) {
                counts.replaceAll((_, _) -> 2);
            }
        }
        return counts;
    }
}
