import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The registry of packages that the user's npm settings name: by the environment, by .npmrc files, or by npm itself. */
final class Registry {

    private static final Pattern SETTING = Pattern.compile("\\s*([^#;=][^=]*?)\\s*=\\s*(.*?)\\s*");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}?]+)\\??}");

    private final Map<String, String> settings = new HashMap<>();
    private final Path project;
    private static final int MOST_REDIRECTS = 5;

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(20))
            .followRedirects(HttpClient.Redirect.NEVER) // by hand: the client would take the key to another host
            .build();
    private String asked;

    /** @param project the folder with package.json, where an .npmrc may be too */
    Registry(Path project) throws IOException {
        this.project = project;
        // The later ones win.
        read(Path.of("/etc/npmrc"));
        read(Path.of(System.getProperty("user.home"), ".npmrc"));
        read(project.resolve(".npmrc"));
        System.getenv().forEach((name, value) -> {
            if (name.toLowerCase(Locale.ROOT).startsWith("npm_config_")) {
                settings.put(name.substring("npm_config_".length()).toLowerCase(Locale.ROOT), value);
            }
        });
    }

    private void read(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            return;
        }
        for (String line : Files.readAllLines(file)) {
            Matcher setting = SETTING.matcher(line);
            if (setting.matches()) {
                String value = VARIABLE.matcher(setting.group(2))
                        .replaceAll(name ->
                                Matcher.quoteReplacement(Objects.requireNonNullElse(System.getenv(name.group(1)), "")));
                settings.put(setting.group(1), value);
            }
        }
    }

    /** Loads the archive of a package into a file. */
    void load(Lock.Package each, Path into) throws IOException, InterruptedException, BuildException {
        String name = each.name();
        String file = name.substring(name.indexOf('/') + 1) + "-" + each.version() + ".tgz";
        String base = base(name);
        URI archive = URI.create(base + name + "/-/" + file);
        String key = base.replaceFirst("^https?:", "");
        String token = settings.get(key + ":_authToken");
        String basic = settings.get(key + ":_auth");
        String authorization = token != null ? "Bearer " + token : basic != null ? "Basic " + basic : null;
        IOException last = null;
        for (int tries = 0; tries < 3; tries++) {
            try {
                int status = send(archive, authorization, into);
                if (status == 200) {
                    return;
                }
                last = new IOException("the registry answers " + status);
            } catch (IOException e) {
                last = e;
            }
        }
        throw new BuildException(name + " " + each.version() + " cannot be had: " + last
                + " (expected: the npm registry of your settings can be reached, or the package is among the downloads"
                + " that were kept)");
    }

    /** Follows redirects; the key is for the host of the first address alone, over TLS where that was. */
    private int send(URI archive, String authorization, Path into) throws IOException, InterruptedException {
        URI at = archive;
        for (int redirects = 0; ; redirects++) {
            HttpRequest.Builder request = HttpRequest.newBuilder(at).timeout(Duration.ofMinutes(5));
            if (authorization != null
                    && at.getScheme().equals(archive.getScheme())
                    && at.getRawAuthority().equals(archive.getRawAuthority())) {
                request.header("authorization", authorization);
            }
            HttpResponse<Path> response = client.send(request.build(), HttpResponse.BodyHandlers.ofFile(into));
            String location = response.headers().firstValue("location").orElse(null);
            if (response.statusCode() / 100 != 3 || location == null || redirects == MOST_REDIRECTS) {
                return response.statusCode();
            }
            URI next = at.resolve(location);
            if (at.getScheme().equals("https") && !"https".equals(next.getScheme())) {
                throw new IOException("the registry sends from " + at + " to " + next + " (expected: https)");
            }
            at = next;
        }
    }

    private String base(String name) throws IOException, InterruptedException, BuildException {
        String scope = name.startsWith("@") ? name.substring(0, name.indexOf('/')) : "";
        String found = settings.getOrDefault(scope + ":registry", settings.get("registry"));
        if (found == null) {
            found = asked == null ? asked = npm() : asked;
        }
        return found.endsWith("/") ? found : found + "/";
    }

    /** What npm takes where nothing is set. */
    private String npm() throws InterruptedException, BuildException {
        boolean windows = Lock.os().equals("win32");
        try {
            Process npm = new ProcessBuilder(windows ? "npm.cmd" : "npm", "config", "get", "registry")
                    .directory(project.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (BufferedReader out = npm.inputReader(StandardCharsets.UTF_8)) {
                String line = out.readLine();
                if (npm.waitFor() == 0 && line != null && line.startsWith("http")) {
                    return line.strip();
                }
            }
        } catch (IOException noNpm) {
            // Said below.
        }
        throw new BuildException(
                "no npm registry is set, and there is no npm to ask (expected: a line registry=https://… in"
                        + " ~/.npmrc, or NPM_CONFIG_REGISTRY in the environment)");
    }
}
