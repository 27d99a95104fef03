package dev.sallyport.kernel.routing;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A tree of texts that rules are found by: hosts, and below each the segments of paths. All its nodes are in one hash
 * table, each by the hash of all the text that leads to it: what a lookup among very many routes costs is waiting for
 * memory that is far away, and so a processor can ask for the next node before this one has come. Immutable once built.
 *
 * <p>Texts are asked for as parts of longer ones, so that no substring is made. They come from the configuration only, so
 * a client cannot fill the table with colliding ones.
 */
final class PathTree<T> {

    /** Open addressing, half full at most. */
    private @Nullable Node<T>[] table;

    private int size;

    private PathTree(int nodes) {
        table = empty(Math.max(64, Integer.highestOneBit(Math.max(1, nodes)) * 4));
    }

    /** How many texts there are in it. */
    int size() {
        return size;
    }

    /** A host, or a segment of a path. */
    static final class Node<T> {

        private final @Nullable Node<T> parent;
        private final byte[] text;
        private final int hash;
        private boolean hasLiterals;
        private @Nullable Node<T> parameter;

        /** The first of the rules whose path ends here; of a host, of those without a path. */
        @Nullable
        Rule<T> here;

        /** The first of the rules that take this path and all below it, and of regular expressions to try there. */
        @Nullable
        Rule<T> below;

        /** A node above all others. */
        Node() {
            this(null, new byte[0], 0);
        }

        private Node(@Nullable Node<T> parent, byte[] text, int hash) {
            this.parent = parent;
            this.text = text;
            this.hash = hash;
        }

        /** Whether there are texts below it. */
        boolean hasLiterals() {
            return hasLiterals;
        }

        /** What is below it in the place of any text; null where nothing is. */
        @Nullable
        Node<T> parameter() {
            return parameter;
        }

        private boolean is(Node<T> above, int hashOfAll, String all, int from, int to) {
            return hash == hashOfAll && parent == above && PathTree.is(text, all, from, to);
        }
    }

    private static boolean is(byte[] text, String all, int from, int to) {
        if (text.length != to - from) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (text[i] != all.charAt(from + i)) {
                return false;
            }
        }
        return true;
    }

    /** The hash of all the text that leads to a node: of that before it, and of its own. */
    static int hash(int before, String text, int from, int to) {
        int hash = before + 1;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + text.charAt(i);
        }
        return hash;
    }

    /** The same where its own text is any. */
    static int hashOfParameter(int before) {
        return 31 * before + '{';
    }

    /**
     * The node of a text below another; null where there is none.
     *
     * @param hash that of all the text that leads to it
     */
    @Nullable
    Node<T> get(Node<T> above, int hash, String text, int from, int to) {
        int slot = slot(hash);
        while (true) {
            Node<T> node = table[slot];
            if (node == null || node.is(above, hash, text, from, to)) {
                return node;
            }
            slot = slot + 1 & table.length - 1;
        }
    }

    private int slot(int hash) {
        return spread(hash) & table.length - 1;
    }

    private static int spread(int hash) {
        int spread = hash * 0x9E3779B9;
        return spread ^ spread >>> 16;
    }

    private void put(Node<T> node) {
        int slot = slot(node.hash);
        while (table[slot] != null) {
            slot = slot + 1 & table.length - 1;
        }
        table[slot] = node;
    }

    private void grow() {
        @Nullable Node<T>[] before = table;
        table = empty(before.length * 2);
        for (Node<T> node : before) {
            if (node != null) {
                put(node);
            }
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // there is no other way to an array of a generic type
    private static <T> @Nullable Node<T>[] empty(int length) {
        return new Node[length];
    }

    /** Fills a tree. For one thread. */
    static final class Builder<T> {

        private final PathTree<T> tree;
        private byte[][] texts = new byte[64][]; // each once, since of most there are many
        private int size;

        /** @param nodes about how many texts it will hold; 0 where that is not known */
        Builder(int nodes) {
            tree = new PathTree<>(nodes);
        }

        /** The node of a text below another, made where there is none. */
        Node<T> literal(Node<T> above, int hash, String text, int from, int to) {
            Node<T> known = tree.get(above, hash, text, from, to);
            if (known != null) {
                return known;
            }
            Node<T> made = new Node<>(above, text(text, from, to), hash);
            above.hasLiterals = true;
            if (++tree.size > tree.table.length / 2) {
                tree.grow();
            }
            tree.put(made);
            return made;
        }

        private byte[] text(String all, int from, int to) {
            int slot = slot(hash(0, all, from, to));
            for (byte[] known = texts[slot]; known != null; known = texts[slot]) {
                if (is(known, all, from, to)) {
                    return known;
                }
                slot = slot + 1 & texts.length - 1;
            }
            byte[] made = all.substring(from, to).getBytes(StandardCharsets.ISO_8859_1);
            texts[slot] = made;
            if (++size > texts.length / 2) {
                growTexts();
            }
            return made;
        }

        private void growTexts() {
            byte[][] before = texts;
            texts = new byte[before.length * 2][];
            for (byte[] each : before) {
                if (each != null) {
                    String text = new String(each, StandardCharsets.ISO_8859_1);
                    int slot = slot(hash(0, text, 0, text.length()));
                    while (texts[slot] != null) {
                        slot = slot + 1 & texts.length - 1;
                    }
                    texts[slot] = each;
                }
            }
        }

        private int slot(int hash) {
            return spread(hash) & texts.length - 1;
        }

        /** The node of any text below another, made where there is none. */
        Node<T> parameter(Node<T> above, int hash) {
            if (above.parameter == null) {
                above.parameter = new Node<>(above, new byte[0], hash);
            }
            return above.parameter;
        }

        PathTree<T> build() {
            return tree;
        }
    }
}
