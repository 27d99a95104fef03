package dev.sallyport.kernel.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A configuration that is changed at random: bytes, tokens, lines, and whole parts that it gets from another one. */
final class Mutation {

    private static final int LONGEST = 64 << 10;

    private static final String[] TOKENS = {
        "[",
        "]",
        "{",
        "}",
        ":",
        ": ",
        "- ",
        "\n",
        "\n  ",
        "\r",
        "\r\n",
        "#",
        "&a ",
        "*a",
        "'",
        "\"",
        "\\",
        "|",
        ">",
        "|2-\n",
        "!x ",
        "!!map ",
        "%",
        "%YAML 1.1\n",
        "@",
        "`",
        "~",
        "null",
        "${env:SECRET}",
        "${env:X:-y}",
        "${file:../secrets/password}",
        "${",
        "$${",
        "<<: *a",
        "\t",
        "\u0000",
        "\u0085",
        "\u2028",
        "\ufeff",
        "\u00e9",
        "\ud83d\ude00",
        "0",
        "-1",
        "1e999",
        "99999999999999999999",
        "---\n",
        "...\n",
        "? ",
        ",",
        "use",
        "re:/(a{9})+",
        "/**",
        "{id}",
        "*.a.com",
        "a".repeat(300),
        "[".repeat(40),
        "conf.d/*.yaml",
        "keepLast",
        "include: [conf.d/*.yaml]\n",
        "# lint: allow unreachable-route\n"
    };

    private final List<String> seeds;
    private final Random random;

    Mutation(List<String> seeds, Random random) {
        this.seeds = seeds;
        this.random = random;
    }

    /** A main file, which more often than not includes others. */
    byte[] main() {
        String text = seed();
        if (!text.contains("listeners:")) {
            text += "\nlisteners: [{name: web, address: '127.0.0.1:0'}]\n";
        }
        if (!text.contains("include:") && random.nextInt(3) > 0) {
            text += "\ninclude: [{files: 'conf.d/*.yaml', secrets: ['env:*']}]\n";
        }
        return mutated(text);
    }

    byte[] mutated() {
        return mutated(seed());
    }

    private String seed() {
        return seeds.get(random.nextInt(seeds.size()));
    }

    private byte[] mutated(String seed) {
        String text = seed;
        for (int i = random.nextInt(4); i > 0; i--) {
            text = switch (random.nextInt(4)) {
                case 0 -> token(text);
                case 1 -> line(text);
                case 2 -> part(text);
                default -> value(text);
            };
        }
        byte[] bytes = text.substring(0, Math.min(text.length(), LONGEST)).getBytes(StandardCharsets.UTF_8);
        return random.nextInt(4) == 0 ? bytes(bytes) : bytes;
    }

    private byte[] bytes(byte[] text) {
        byte[] bytes = text.clone();
        for (int i = random.nextInt(3); i >= 0 && bytes.length > 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = Arrays.copyOf(bytes, at);
                default -> {
                    int to = Math.min(bytes.length, at + random.nextInt(8));
                    byte[] less = new byte[bytes.length - (to - at)];
                    System.arraycopy(bytes, 0, less, 0, at);
                    System.arraycopy(bytes, to, less, at, bytes.length - to);
                    bytes = less;
                }
            }
        }
        return bytes;
    }

    private String token(String text) {
        StringBuilder changed = new StringBuilder(text);
        int at = random.nextInt(text.length() + 1);
        int to = Math.min(text.length(), at + random.nextInt(12));
        String token = TOKENS[random.nextInt(TOKENS.length)];
        switch (random.nextInt(4)) {
            case 0 -> changed.delete(at, to);
            case 1 -> changed.insert(at, token);
            case 2 -> changed.replace(at, to, token);
            default -> changed.insert(random.nextInt(text.length() + 1), text.substring(at, to));
        }
        return changed.toString();
    }

    private String line(String text) {
        List<String> lines = lines(text);
        int at = random.nextInt(lines.size());
        switch (random.nextInt(5)) {
            case 0 -> lines.remove(at);
            case 1 -> lines.add(at, lines.get(random.nextInt(lines.size())));
            case 2 -> lines.set(at, " ".repeat(random.nextInt(4)) + lines.get(at));
            case 3 -> lines.set(at, lines.get(at).replaceFirst("^ {1,2}", ""));
            default -> lines.add(random.nextInt(lines.size()), lines.remove(at));
        }
        return String.join("\n", lines);
    }

    /** Puts a line with all that stands deeper below it, of this text or another, in the place of such a part or behind it. */
    private String part(String text) {
        List<String> lines = lines(text);
        List<String> from = random.nextBoolean() ? lines(text) : lines(seed());
        int start = random.nextInt(from.size());
        List<String> part = new ArrayList<>(from.subList(start, end(from, start)));
        int at = random.nextInt(lines.size());
        int shift = indent(lines.get(at)) - indent(part.getFirst());
        part.replaceAll(line -> shift >= 0 ? " ".repeat(shift) + line : line.substring(Math.min(-shift, indent(line))));
        if (random.nextBoolean()) {
            lines.subList(at, end(lines, at)).clear();
            lines.addAll(at, part);
        } else {
            lines.addAll(end(lines, at), part);
        }
        return String.join("\n", lines);
    }

    /** Makes another kind of value of one that stands behind a colon. */
    private String value(String text) {
        List<String> lines = lines(text);
        int at = random.nextInt(lines.size());
        String line = lines.get(at);
        int colon = line.indexOf(": ");
        if (colon < 0) {
            return text;
        }
        String key = line.substring(0, colon + 2);
        String value = line.substring(colon + 2);
        lines.set(
                at,
                key
                        + switch (random.nextInt(7)) {
                            case 0 -> "[" + value + "]";
                            case 1 -> "{a: " + value + "}";
                            case 2 -> "\"" + value + "\"";
                            case 3 -> "";
                            case 4 -> "&a " + value;
                            case 5 -> "*a";
                            default -> value + value;
                        });
        return String.join("\n", lines);
    }

    private static List<String> lines(String text) {
        return new ArrayList<>(List.of(text.split("\n", -1)));
    }

    private static int end(List<String> lines, int start) {
        int end = start + 1;
        while (end < lines.size() && indent(lines.get(end)) > indent(lines.get(start))) {
            end++;
        }
        return end;
    }

    private static int indent(String line) {
        int indent = 0;
        while (indent < line.length() && line.charAt(indent) == ' ') {
            indent++;
        }
        return indent;
    }
}
