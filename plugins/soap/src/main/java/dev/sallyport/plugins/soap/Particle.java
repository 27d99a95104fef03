package dev.sallyport.plugins.soap;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A part of what an element may contain. */
sealed interface Particle {

    /** For {@link #max}: without bound. */
    int UNBOUNDED = Integer.MAX_VALUE;

    /** How often it must be there. */
    int min();

    /** How often it may be there. */
    int max();

    /** Whether an element of that name can stand at its beginning. */
    boolean accepts(String namespace, String local);

    /** Whether nothing at all will do, were it there once. */
    boolean mayBeEmpty();

    /**
     * An element, or one that stands in its place.
     *
     * @param array whether it is an array in JSON: where it may be there more than once in its object
     * @param qualified whether its name in JSON has its namespace: where the local one is not enough
     */
    record Use(Element element, int min, int max, boolean array, boolean qualified) implements Particle {

        /** The name in JSON of an element that stands there. */
        String key(Element there) {
            return qualified ? there.name().toString() : there.key();
        }

        @Override
        public boolean accepts(String namespace, String local) {
            return element.named(namespace, local) != null;
        }

        @Override
        public boolean mayBeEmpty() {
            return false;
        }
    }

    /**
     * Any element of some namespaces.
     *
     * @param namespaces those, or where {@code but}, all others
     */
    record Any(Set<String> namespaces, boolean but, int min, int max) implements Particle {

        @Override
        public boolean accepts(String namespace, String local) {
            return namespaces.contains(namespace) != but;
        }

        @Override
        public boolean mayBeEmpty() {
            return false;
        }
    }

    /** How the parts of a group belong together. */
    enum Order {
        SEQUENCE,
        CHOICE,
        ALL
    }

    /**
     * Several parts.
     *
     * @param key the member of JSON that holds an object for each time that the group is there; null where its parts are
     *     members of the object around
     */
    record Group(
            Order order,
            List<Particle> parts,
            int min,
            int max,
            @Nullable String key) implements Particle {

        @Override
        public boolean accepts(String namespace, String local) {
            for (Particle part : parts) {
                if (part.accepts(namespace, local)) {
                    return true;
                }
                if (order == Order.SEQUENCE && part.min() > 0 && !part.mayBeEmpty()) {
                    return false;
                }
            }
            return false;
        }

        @Override
        public boolean mayBeEmpty() {
            boolean any = parts.isEmpty();
            boolean all = true;
            for (Particle part : parts) {
                boolean empty = part.min() == 0 || part.mayBeEmpty();
                any |= empty;
                all &= empty;
            }
            return order == Order.CHOICE ? any : all;
        }
    }
}
