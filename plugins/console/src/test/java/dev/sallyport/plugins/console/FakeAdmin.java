package dev.sallyport.plugins.console;

import dev.sallyport.api.AdminPages.Admin;
import dev.sallyport.api.AdminPages.Caller;
import dev.sallyport.api.AdminPages.Found;
import dev.sallyport.api.AdminPages.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A gateway that knows some tokens and remembers what it was told. */
final class FakeAdmin implements Admin {

    final Map<String, Caller> tokens = new HashMap<>();
    final Map<String, Caller> minted = new LinkedHashMap<>();
    final Map<String, String> grounds = new HashMap<>();
    final Map<String, String> resources = new HashMap<>();
    final List<String> audit = new ArrayList<>();

    FakeAdmin() {
        tokens.put("the-token-of-ops", new Caller("ops", Role.OPERATE));
    }

    @Override
    public @Nullable Caller check(String token) {
        return tokens.get(token);
    }

    @Override
    public @Nullable Caller checkHash(String sha256) {
        return tokens.entrySet().stream()
                .filter(each -> Sessions.hash(each.getKey()).equals(sha256))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    @Override
    public String mint(String who, Role role, Duration life, @Nullable String ground) {
        String token = "minted-" + (minted.size() + 1) + "-" + life.toSeconds();
        minted.put(token, new Caller(who, role));
        if (ground != null) {
            grounds.put(token, ground);
        }
        return token;
    }

    @Override
    public void revoke(String token) {
        minted.put(token, new Caller("revoked", Role.READ));
    }

    @Override
    public Found get(Caller caller, String path) {
        String json = resources.get(path);
        return json == null ? new Found(404, "{}") : new Found(200, json);
    }

    @Override
    public void audit(String who, String action, @Nullable String reason) {
        audit.add(who + " " + action + (reason == null ? "" : ": " + reason));
    }
}
