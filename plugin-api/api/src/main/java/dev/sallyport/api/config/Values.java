package dev.sallyport.api.config;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What values of expressions have in common: texts, longs, doubles, booleans, lists, instants, and maps of claims. */
final class Values {

    /** Up to here a double is every whole number. */
    private static final double EXACT = 0x1p53;

    private Values() {}

    /** A value of JSON as one of these; null where it is null. */
    static @Nullable Object ofJson(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case String _, Boolean _, Long _, Double _, List<?> _, Map<?, ?> _, Instant _ -> value;
            case Integer number -> number.longValue();
            case Short number -> number.longValue();
            case Byte number -> number.longValue();
            case BigInteger number -> number.bitLength() < 64 ? (Object) number.longValue() : number.doubleValue();
            case BigDecimal number -> number.doubleValue();
            case Float number -> number.doubleValue();
            case Collection<?> items -> new ArrayList<>(items);
            default -> value.toString();
        };
    }

    /** How a value is written; null where it is absent or has no text. */
    static @Nullable String text(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case String text -> text;
            case Double number -> text((double) number);
            case Long _, Boolean _, Instant _ -> value.toString();
            case List<?> list -> text(list);
            default -> null;
        };
    }

    private static String text(double number) {
        return number == Math.rint(number) && Math.abs(number) < EXACT
                ? Long.toString((long) number)
                : Double.toString(number);
    }

    /** Its items with commas between; a comma in one of them is written {@code %2C}, so that no two lists look the same. */
    private static String text(List<?> list) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < list.size(); i++) {
            String item = list.get(i) instanceof List<?> inner ? text(inner) : text(ofJson(list.get(i)));
            text.append(i == 0 ? "" : ",")
                    .append(item == null ? "" : item.replace("%", "%25").replace(",", "%2C"));
        }
        return text.toString();
    }

    /** Whether two are the same; what is absent is the same as nothing, not even as what is absent too. */
    static boolean same(@Nullable Object one, @Nullable Object other) {
        if (one == null || other == null) {
            return false;
        }
        if (one instanceof Number a && other instanceof Number b) {
            return compared(a, b) == 0;
        }
        if (one instanceof List<?> a && other instanceof List<?> b) {
            if (a.size() != b.size()) {
                return false;
            }
            for (int i = 0; i < a.size(); i++) {
                if (!same(ofJson(a.get(i)), ofJson(b.get(i)))) {
                    return false;
                }
            }
            return true;
        }
        return one.equals(other);
    }

    /** Whether a list has it among its items. */
    static boolean among(@Nullable Object item, @Nullable Object list) {
        if (item == null || !(list instanceof List<?> items)) {
            return false;
        }
        for (int i = 0; i < items.size(); i++) {
            if (same(item, ofJson(items.get(i)))) {
                return true;
            }
        }
        return false;
    }

    /** Below, at or above 0 as the first is less than, equal to or more than the other; null where they have no order. */
    static @Nullable Integer compared(@Nullable Object one, @Nullable Object other) {
        if (one instanceof Number a && other instanceof Number b) {
            return compared(a, b);
        }
        if (one instanceof String a && other instanceof String b) {
            return a.compareTo(b);
        }
        if (one instanceof Instant a && other instanceof Instant b) {
            return a.compareTo(b);
        }
        return null;
    }

    private static int compared(Number one, Number other) {
        if (one instanceof Long a && other instanceof Long b) {
            return Long.compare(a, b);
        }
        if (one instanceof Double a && other instanceof Double b) {
            return compared((double) a, (double) b);
        }
        return one instanceof Long a ? mixed(a, other.doubleValue()) : -mixed((Long) other, one.doubleValue());
    }

    /** As numbers, not rounded to each other: the double nearest to a long may be another number. */
    private static int mixed(long one, double other) {
        if (other >= 0x1p63) {
            return -1;
        }
        if (other < -0x1p63) {
            return 1;
        }
        int whole = Long.compare(one, (long) other);
        return whole != 0 ? whole : compared(0.0, other - (long) other);
    }

    /** Of two that are numbers; 0 is 0, whatever its sign. */
    private static int compared(double one, double other) {
        return one < other ? -1 : one > other ? 1 : 0;
    }
}
