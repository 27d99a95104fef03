package dev.sallyport.plugins.accesslog;

import java.util.ArrayList;
import java.util.List;

/** Lines, and whose they are. Whoever shares one sees to it that one thread at a time uses it. */
final class Batch {

    private final List<String> lines = new ArrayList<>();
    private final List<Counts> owners = new ArrayList<>();
    private long characters;

    void add(String line, Counts owner) {
        lines.add(line);
        owners.add(owner);
        characters += line.length();
    }

    List<String> lines() {
        return lines;
    }

    /** Whose each line is. */
    List<Counts> owners() {
        return owners;
    }

    /** How many all of them have. */
    long characters() {
        return characters;
    }

    /** How many these have. */
    long characters(int from, int end) {
        long sum = 0;
        for (String line : lines.subList(from, end)) {
            sum += line.length();
        }
        return sum;
    }

    /** Where a part that begins there and has about so many characters ends. */
    int end(int from, int most) {
        int end = from;
        for (int size = 0; end < lines.size() && (end == from || size < most); end++) {
            size += lines.get(end).length();
        }
        return end;
    }
}
