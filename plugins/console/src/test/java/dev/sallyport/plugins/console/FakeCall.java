package dev.sallyport.plugins.console;

import dev.sallyport.api.AdminPages.Admin;
import dev.sallyport.api.AdminPages.Call;
import dev.sallyport.api.AdminPages.Caller;
import dev.sallyport.api.BodyTooLargeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A call as a browser that shows the console makes it, unless a test says otherwise. */
final class FakeCall implements Call {

    final Map<String, String> headers = new HashMap<>();
    final Map<String, String> parameters = new HashMap<>();
    private final FakeAdmin admin;
    private final String method;
    private final String path;
    String body = "";
    String peer = "10.0.0.7";
    boolean secure;
    boolean good = true;

    @Nullable
    Caller caller;

    FakeCall(FakeAdmin admin, String method, String path) {
        this.admin = admin;
        this.method = method;
        this.path = path;
        headers.put("host", "127.0.0.1:9901");
        headers.put("origin", "http://127.0.0.1:9901");
        headers.put("content-type", "application/json");
        headers.put("x-sallyport-console", "1");
    }

    FakeCall with(String header, @Nullable String value) {
        if (value == null) {
            headers.remove(header);
        } else {
            headers.put(header, value);
        }
        return this;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String base() {
        return "/console";
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public Map<String, String> parameters() {
        return parameters;
    }

    @Override
    public @Nullable String header(String name) {
        return headers.get(name);
    }

    @Override
    public byte[] body(int most) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > most) {
            throw new BodyTooLargeException(most);
        }
        return bytes;
    }

    @Override
    public boolean secure() {
        return secure;
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public @Nullable Caller caller() {
        return caller;
    }

    @Override
    public boolean isGoodStill() {
        return good;
    }

    @Override
    public Admin admin() {
        return admin;
    }
}
