package dev.sallyport.kernel.plugin;

import dev.sallyport.api.CredentialType;
import dev.sallyport.api.DiscoveryFactory;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.StoreFactory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What plugins can offer types of. */
enum Point {
    FILTER("filter", FilterFactory.class),
    CREDENTIAL("credential", CredentialType.class),
    DISCOVERY("discovery", DiscoveryFactory.class),
    STORE("store", StoreFactory.class);

    private final String written;
    private final Class<?> parent;

    Point(String written, Class<?> parent) {
        this.written = written;
        this.parent = parent;
    }

    /** Its name in a jar's index. */
    String written() {
        return written;
    }

    /** What an extension at it implements. */
    Class<?> parent() {
        return parent;
    }

    /** The one of that name; null where there is none. */
    static @Nullable Point of(String written) {
        return Arrays.stream(values())
                .filter(point -> point.written.equals(written))
                .findFirst()
                .orElse(null);
    }

    /** All names, for messages: {@code filter, credential, discovery or store}. */
    static String all() {
        List<String> names = Arrays.stream(values()).map(Point::written).collect(Collectors.toList());
        String last = names.removeLast();
        return String.join(", ", names) + " or " + last;
    }
}
