package dev.sallyport.marketplace;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Reads single fields of an index: each has a form and a bound, and nothing that a terminal would obey. */
final class IndexFields {

    /** The most characters of a text for people. */
    static final int MOST_TEXT = 2_000;

    private static final Pattern FILE =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]{0,149}(/[A-Za-z0-9][A-Za-z0-9._+-]{0,149}){0,3}");
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}\\u2028\\u2029]");

    private IndexFields() {}

    /** Whether that is a file below the index: no other folder can be named so. */
    static boolean isFile(String text) {
        return FILE.matcher(text).matches();
    }

    /** A text that must be there, and be of that form. */
    static String text(JsonNode object, String field, Pattern form, String where) throws MalformedException {
        String text = text(object, field, where);
        if (!form.matcher(text).matches()) {
            throw new MalformedException("has the " + field + " '" + shown(text) + "' at " + where);
        }
        return text;
    }

    /** A text that may be missing: {@code ""} then. */
    static String text(JsonNode object, String field, String where) throws MalformedException {
        JsonNode value = object.path(field);
        if (value.isMissingNode()) {
            return "";
        }
        if (!value.isString()) {
            throw new MalformedException("has no text in the field " + field + " at " + where);
        }
        return checked(value.asString(), field, where);
    }

    static String checked(String text, String field, String where) throws MalformedException {
        if (text.length() > MOST_TEXT || CONTROL.matcher(text).find()) {
            throw new MalformedException("has a " + field + " with control characters or more than " + MOST_TEXT
                    + " characters at " + where);
        }
        return text;
    }

    /** A whole number from 1 on. */
    static long number(JsonNode object, String field, String where) throws MalformedException {
        JsonNode value = object.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 1) {
            throw new MalformedException("has no whole number above 0 in the field " + field + " at " + where);
        }
        return value.longValue();
    }

    static Instant instant(JsonNode object, String field, String where) throws MalformedException {
        String text = text(object, field, where);
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new MalformedException(
                    "has the " + field + " '" + shown(text) + "' at " + where + " (expected: a time in UTC)");
        }
    }

    /** A list, which may be missing. */
    static JsonNode list(JsonNode object, String field, int most, String where) throws MalformedException {
        JsonNode value = object.path(field);
        if (!value.isMissingNode() && !value.isArray()) {
            throw new MalformedException("has no list in the field " + field + " at " + where);
        }
        if (value.size() > most) {
            throw new MalformedException(
                    "has " + value.size() + " " + field + " at " + where + " (expected: at most " + most + ")");
        }
        return value;
    }

    /** An object, which may be missing. */
    static JsonNode object(JsonNode object, String field, int most) throws MalformedException {
        JsonNode value = object.path(field);
        if (!value.isMissingNode() && !value.isObject()) {
            throw new MalformedException("has no object in the field " + field);
        }
        if (value.size() > most) {
            throw new MalformedException("has " + value.size() + " " + field + " (expected: at most " + most + ")");
        }
        return value;
    }

    /** Cut and cleaned: anybody may have written it. */
    static String shown(String text) {
        String clean = CONTROL.matcher(text).replaceAll("?");
        return clean.length() > 80 ? clean.substring(0, 80) + "…" : clean;
    }
}
