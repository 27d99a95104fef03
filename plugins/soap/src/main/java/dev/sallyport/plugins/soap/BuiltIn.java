package dev.sallyport.plugins.soap;

import dev.sallyport.plugins.soap.Simple.Kind;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The types that XML Schema itself has (XML Schema Part 2, §3), by their local names. */
final class BuiltIn {

    static final String NAMESPACE = "http://www.w3.org/2001/XMLSchema";

    private static final Map<String, Simple> TYPES = types();

    private BuiltIn() {}

    /** The type of that name; null for none. {@code anyType} is none of these. */
    static @Nullable Simple named(String local) {
        return TYPES.get(local);
    }

    private static Map<String, Simple> types() {
        Map<String, Simple> types = new HashMap<>();
        put(types, Kind.STRING, "string", "normalizedString", "anySimpleType", "anyAtomicType");
        put(types, Kind.TOKEN, "token", "language", "NMTOKEN", "Name", "NCName", "ID", "IDREF", "ENTITY", "anyURI");
        put(types, Kind.TOKEN, "duration", "gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay", "NOTATION");
        put(types, Kind.BOOLEAN, "boolean");
        put(types, Kind.DECIMAL, "decimal");
        put(types, Kind.DOUBLE, "double", "float");
        put(types, Kind.DATE_TIME, "dateTime");
        put(types, Kind.DATE, "date");
        put(types, Kind.TIME, "time");
        put(types, Kind.BASE64, "base64Binary");
        put(types, Kind.HEX, "hexBinary");
        put(types, Kind.QNAME, "QName");
        for (String list : new String[] {"NMTOKENS", "IDREFS", "ENTITIES"}) {
            types.put(list, new Simple(Kind.LIST, Set.of(), null, null, List.of(Simple.of(Kind.TOKEN))));
        }
        whole(types, "integer", null, null);
        whole(types, "nonPositiveInteger", null, "0");
        whole(types, "negativeInteger", null, "-1");
        whole(types, "nonNegativeInteger", "0", null);
        whole(types, "positiveInteger", "1", null);
        whole(types, "long", "-9223372036854775808", "9223372036854775807");
        whole(types, "int", "-2147483648", "2147483647");
        whole(types, "short", "-32768", "32767");
        whole(types, "byte", "-128", "127");
        whole(types, "unsignedLong", "0", "18446744073709551615");
        whole(types, "unsignedInt", "0", "4294967295");
        whole(types, "unsignedShort", "0", "65535");
        whole(types, "unsignedByte", "0", "255");
        return Map.copyOf(types);
    }

    private static void put(Map<String, Simple> types, Kind kind, String... names) {
        for (String name : names) {
            types.put(name, Simple.of(kind));
        }
    }

    private static void whole(Map<String, Simple> types, String name, @Nullable String low, @Nullable String high) {
        types.put(
                name,
                new Simple(
                        Kind.INTEGER,
                        Set.of(),
                        low == null ? null : new BigInteger(low),
                        high == null ? null : new BigInteger(high),
                        List.of()));
    }
}
