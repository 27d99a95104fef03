package dev.sallyport.plugins.mask;

import dev.sallyport.plugins.mask.Finder.Found;
import dev.sallyport.plugins.mask.Hiding.Pattern;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Searches a text that comes in parts: where it is cut makes no difference. It holds back no more than twice what a match can
 * reach over, and some parts. For one thread.
 */
final class Window {

    /** Takes the text, in order. */
    interface To {

        /** A part in which nothing was found. */
        void plain(byte[] bytes, int from, int to);

        /** What was found. */
        void found(byte[] bytes, int from, int to, Pattern pattern);
    }

    private final List<Pattern> patterns;
    private byte[] text = new byte[1024];
    private int from; // what is before is given; one byte of it is kept, to be looked at
    private int to;
    private final @Nullable Found[] next;

    Window(List<Pattern> patterns) {
        this.patterns = patterns;
        next = new Found[patterns.size()];
    }

    void feed(byte[] bytes, int begin, int end, To out) {
        int count = end - begin;
        if (to + count > text.length) {
            text = Arrays.copyOf(text, Math.max(to + count, text.length * 2));
        }
        System.arraycopy(bytes, begin, text, to, count);
        to += count;
        if (to - from >= 2 * Finder.REACH) {
            search(to - Finder.REACH, out);
            int kept = from - 1; // more than nothing was given
            System.arraycopy(text, kept, text, 0, to - kept);
            to -= kept;
            from = 1;
        }
    }

    /** The text has ended; another one may follow. */
    void end(To out) {
        search(to, out);
        from = 0;
        to = 0;
    }

    private void search(int limit, To out) {
        for (int i = 0; i < next.length; i++) {
            next[i] = patterns.get(i).finder().find(text, 0, from, to);
        }
        for (int first = first(limit); first >= 0; first = first(limit)) {
            Found found = next[first];
            if (found == null) {
                throw new AssertionError("the first of those that were found");
            }
            if (from < found.from()) {
                out.plain(text, from, found.from());
            }
            out.found(text, found.from(), found.to(), patterns.get(first));
            from = found.to();
            for (int i = 0; i < next.length; i++) {
                Found other = next[i];
                if (other != null && other.from() < from) {
                    next[i] = patterns.get(i).finder().find(text, 0, from, to);
                }
            }
        }
        if (from < limit) {
            out.plain(text, from, limit);
            from = limit;
        }
    }

    /** Which pattern was found first, before a limit; of two at one place the first in the list; -1 for none. */
    private int first(int limit) {
        int first = -1;
        int at = limit;
        for (int i = 0; i < next.length; i++) {
            Found found = next[i];
            if (found != null && found.from() < at) {
                first = i;
                at = found.from();
            }
        }
        return first;
    }
}
