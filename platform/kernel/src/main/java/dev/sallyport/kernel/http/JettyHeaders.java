package dev.sallyport.kernel.http;

import dev.sallyport.api.Headers;
import java.util.Objects;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;

/** Between Jetty's header fields and ours. */
final class JettyHeaders {

    private JettyHeaders() {}

    static Headers toHeaders(HttpFields fields) {
        Headers.Builder headers = Headers.builder(fields.size());
        for (HttpField field : fields) {
            headers.add(field.getName(), Objects.requireNonNullElse(field.getValue(), ""));
        }
        return headers.build();
    }

    /** Copies names as they are written: without its constant, Jetty does not put a name of its own in the place. */
    static void copy(Headers headers, HttpFields.Mutable fields) {
        for (int i = 0; i < headers.size(); i++) {
            fields.add(field(headers.name(i), headers.value(i)));
        }
    }

    static HttpField field(String name, String value) {
        return new HttpField(null, name, value);
    }

    static HttpFields toFields(Headers headers) {
        HttpFields.Mutable fields = HttpFields.build();
        copy(headers, fields);
        return fields;
    }
}
