package dev.sallyport.plugins.jsontransform;

import java.util.List;
import java.util.Random;

/** Documents of any shape, with few names so that pointers meet them. */
final class RandomJson {

    private static final List<String> NAMES =
            List.of("a", "b", "c", "0", "1", "-", "*", "\\u0061", "a\\/b", "", "é€😀");
    private static final List<String> SCALARS = List.of(
            "1.10",
            "-0",
            "1E400",
            "123456789012345678901234567890",
            "0.0000000000000000000000001e-7",
            "true",
            "false",
            "null",
            "\"\"",
            "\"\\ud83d\\ude00 \\\" \\\\ \\n\"",
            "\"é€😀\"",
            "\"plain\"");

    private final Random random;

    RandomJson(Random random) {
        this.random = random;
    }

    String document() {
        return space() + value(random.nextInt(5)) + space();
    }

    private String value(int depth) {
        if (depth == 0 || random.nextInt(4) == 0) {
            return SCALARS.get(random.nextInt(SCALARS.size()));
        }
        boolean array = random.nextInt(3) == 0;
        StringBuilder json = new StringBuilder(array ? "[" : "{").append(space());
        int count = random.nextInt(5);
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                json.append(space()).append(',').append(space());
            }
            if (!array) {
                json.append('"')
                        .append(NAMES.get(random.nextInt(NAMES.size())))
                        .append('"')
                        .append(space())
                        .append(':')
                        .append(space());
            }
            json.append(value(depth - 1));
        }
        return json.append(space()).append(array ? ']' : '}').toString();
    }

    private String space() {
        return switch (random.nextInt(8)) {
            case 0 -> " ";
            case 1 -> "\n  ";
            case 2 -> "\t\r\n";
            default -> "";
        };
    }
}
