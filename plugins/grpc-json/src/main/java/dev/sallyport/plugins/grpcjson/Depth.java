package dev.sallyport.plugins.grpcjson;

import dev.sallyport.json.BadContentException;

/** How deep JSON is nested. */
final class Depth {

    private Depth() {}

    /**
     * Looks through JSON that is known to be valid.
     *
     * @throws BadContentException where it is nested deeper, with the place
     */
    static void check(byte[] json, int most) throws BadContentException {
        int depth = 0;
        boolean text = false;
        for (int i = 0; i < json.length; i++) {
            byte c = json[i];
            if (text) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    text = false;
                }
            } else if (c == '"') {
                text = true;
            } else if (c == '{' || c == '[') {
                if (++depth > most) {
                    throw tooDeep(json, i, most);
                }
            } else if (c == '}' || c == ']') {
                depth--;
            }
        }
    }

    private static BadContentException tooDeep(byte[] json, int at, int most) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < at; i++) {
            if (json[i] == '\n') {
                line++;
                column = 1;
            } else if ((json[i] & 0xc0) != 0x80) {
                column++;
            }
        }
        return BadContentException.json(line, column, "nested more than " + most + " deep");
    }
}
