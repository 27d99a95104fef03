package dev.sallyport.plugins.iplist;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Whole countries, as a database knows where addresses are. */
public record CountriesConfig(
        @Doc("The database, in MaxMind's format (.mmdb), such as GeoLite2-Country; read anew when it is replaced.")
        Path database,

        @Doc("Countries that may pass, by their ISO codes: DE.")
        List<String> allow,

        @Doc("Countries that may not pass; wins over allow.")
        List<String> deny) {

    /** Besides those of ISO: what databases say of Kosovo, and of the two regions that are no country. */
    private static final Set<String> OTHERS = Set.of("XK", "EU", "AP");

    public CountriesConfig {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
        if (allow.isEmpty() && deny.isEmpty()) {
            throw new ConfigException("", "no country (expected: allow, deny or both)");
        }
        check("allow", allow);
        check("deny", deny);
    }

    private static void check(String key, List<String> codes) {
        Set<String> known = Set.of(Locale.getISOCountries());
        for (String code : codes) {
            String upper = code.toUpperCase(Locale.ROOT);
            if (!known.contains(code) && !OTHERS.contains(code)) {
                throw new ConfigException(
                        key,
                        "'" + code + "' (expected: "
                                + (known.contains(upper) ? upper : "the two letters of a country, such as DE") + ")");
            }
        }
    }
}
