package dev.sallyport.plugins.compress;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a client takes (RFC 9110 §12.5.3). Immutable. */
final class AcceptEncoding {

    private static final String ANY = "*";

    /** In thousandths, by name. */
    private final Map<String, Integer> weights = new HashMap<>();

    /** @param fields the values of the request's fields; none where it has none */
    AcceptEncoding(List<String> fields) {
        for (String field : fields) {
            for (String member : field.split(",", -1)) {
                String[] parts = member.split(";", 2);
                String name = parts[0].strip().toLowerCase(Locale.ROOT);
                if (!name.isEmpty()) {
                    String known = name.equals("x-gzip") ? "gzip" : name;
                    weights.merge(known, parts.length == 1 ? 1_000 : weight(parts[1]), Math::max);
                }
            }
        }
    }

    /** The one with the greatest weight, of those alike the first; null where the body is to stay as it is. */
    @Nullable
    Coding best(List<Coding> codings) {
        Coding best = null;
        int most = weights.getOrDefault("identity", 0);
        for (Coding coding : codings) {
            int weight = weights.getOrDefault(coding.token(), weights.getOrDefault(ANY, 0));
            if (weight > 0 && (best == null ? weight >= most : weight > most)) {
                best = coding;
                most = weight;
            }
        }
        return best;
    }

    /** 0 for what is no weight. */
    private static int weight(String parameter) {
        String text = parameter.strip();
        if (text.length() < 3 || Character.toLowerCase(text.charAt(0)) != 'q') {
            return 0;
        }
        int equals = text.indexOf('=');
        try {
            double weight = Double.parseDouble(text.substring(equals + 1).strip());
            return weight >= 0 && weight <= 1 ? (int) Math.round(weight * 1_000) : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
