package dev.sallyport.kernel.plugin;

import dev.sallyport.api.AdminPagesFactory;
import dev.sallyport.api.CredentialType;
import dev.sallyport.api.DiscoveryFactory;
import dev.sallyport.api.ExporterFactory;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.SecretSourceFactory;
import dev.sallyport.api.ServiceFactory;
import dev.sallyport.api.StoreFactory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What plugins can offer types of. */
enum Point {
    FILTER("filter", FilterFactory.class),
    CREDENTIAL("credential", CredentialType.class),
    ADMIN_PAGES("admin-pages", AdminPagesFactory.class),
    DISCOVERY("discovery", DiscoveryFactory.class),
    EXPORTER("exporter", ExporterFactory.class),
    SECRET_SOURCE("secret-source", SecretSourceFactory.class),
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

    /** Those whose types stand under {@code services:}. */
    static Stream<Point> services() {
        return Arrays.stream(values()).filter(point -> ServiceFactory.class.isAssignableFrom(point.parent));
    }

    /** The one of that name; null where there is none. */
    static @Nullable Point of(String written) {
        return Arrays.stream(values())
                .filter(point -> point.written.equals(written))
                .findFirst()
                .orElse(null);
    }

    /** All names, for messages: {@code filter, credential, … or store}. */
    static String all() {
        List<String> names = Arrays.stream(values()).map(Point::written).collect(Collectors.toList());
        String last = names.removeLast();
        return String.join(", ", names) + " or " + last;
    }
}
