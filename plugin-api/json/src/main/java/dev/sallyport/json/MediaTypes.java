package dev.sallyport.json;

import dev.sallyport.api.Headers;
import dev.sallyport.api.config.ConfigException;
import java.util.List;
import java.util.Locale;

/** Media types that are looked for: {@code application/json}, {@code text/*} for all of a kind, {@code +json} for all that end so. */
public record MediaTypes(List<String> types) {

    /** Copies the list. */
    public MediaTypes {
        types = List.copyOf(types);
    }

    /**
     * Those of a setting.
     *
     * @throws ConfigException where one is no media type
     */
    public static MediaTypes of(String key, List<String> types) {
        for (String type : types) {
            boolean known = type.startsWith("+") ? type.indexOf('/') < 0 : type.indexOf('/') > 0;
            if (!known || !type.equals(type.toLowerCase(Locale.ROOT)) || type.indexOf(';') >= 0) {
                throw new ConfigException(
                        key,
                        type + " (expected: a media type such as application/json, text/* or +json, in lower case)");
            }
        }
        return new MediaTypes(types);
    }

    /** Whether the content is of one of them; without a type it is not, and gRPC never is. */
    public boolean match(Headers headers) {
        String type = of(headers);
        if (type.startsWith("application/grpc") || type.startsWith("application/connect+")) {
            return false; // messages in frames, whatever they end with
        }
        for (String known : types) {
            boolean fits = known.startsWith("+")
                    ? type.endsWith(known)
                    : known.endsWith("/*")
                            ? type.startsWith(known.substring(0, known.length() - 1))
                            : type.equals(known);
            if (fits) {
                return true;
            }
        }
        return false;
    }

    /** The type of the content, without parameters, in lower case; {@code ""} where it has none. */
    public static String of(Headers headers) {
        String type = headers.get("content-type", "");
        int parameters = type.indexOf(';');
        return (parameters < 0 ? type : type.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
    }
}
