package dev.sallyport.plugins.etcd;

import dev.sallyport.api.Endpoint;
import java.net.URI;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The value of a key: <code>{"url": "http://10.0.0.1:8080", "weight": 2}</code>. */
final class Instance {

    private Instance() {}

    /**
     * Reads it.
     *
     * @param scheme of a url that has none: {@code 10.0.0.1:8080}
     * @throws IllegalArgumentException where it is none
     */
    static Endpoint of(String value, String scheme) {
        JsonNode json;
        try {
            json = JsonMapper.shared().readTree(value);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("its value is no JSON (expected: {\"url\": …, \"weight\": …})", e);
        }
        String url = json.path("url").asString("");
        if (url.isEmpty()) {
            throw new IllegalArgumentException("its value has no url (expected: {\"url\": …, \"weight\": …})");
        }
        String whole = url.contains("://") ? url : scheme + "://" + url;
        String plain = whole.endsWith("/") ? whole.substring(0, whole.length() - 1) : whole;
        return new Endpoint(
                URI.create(plain),
                json.path("weight").asInt(1),
                json.path("backup").asBoolean(false));
    }
}
