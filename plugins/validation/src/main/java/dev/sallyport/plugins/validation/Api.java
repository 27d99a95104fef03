package dev.sallyport.plugins.validation;

import dev.sallyport.plugins.validation.ApiFiles.Node;
import dev.sallyport.plugins.validation.Document.DocumentException;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an OpenAPI document describes, ready to check requests by. Immutable and thread-safe.
 *
 * @param paths with the base path of the servers before each
 * @param operations how many there are
 */
record Api(PathTree paths, ApiSchemas schemas, ApiFiles files, int operations) {

    private static final List<String> METHODS =
            List.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

    /**
     * Reads a document.
     *
     * @param basePath what stands before each path; null where the document's servers say it
     * @throws DocumentException where something is wrong with it
     */
    static Api read(Path file, @Nullable String basePath, boolean formats) throws DocumentException {
        ApiFiles files = ApiFiles.read(file);
        Node root = files.root();
        String version = root.text("openapi");
        boolean is30 = version.startsWith("3.0");
        if (!is30 && !version.startsWith("3.1")) {
            throw root.get("openapi")
                    .wrong((root.value().has("swagger") ? "swagger: " + root.text("swagger") : version)
                            + " (expected: 3.0 or 3.1); convert the document");
        }
        for (Document document : files.documents().values()) {
            WrittenPattern bad = WrittenPattern.firstBad(document.root());
            if (bad != null) {
                throw new DocumentException(
                        document.place(bad.pointer()) + ": the pattern " + bad.text() + " (expected: one of ECMA-262)");
            }
        }
        Node paths = root.get("paths");
        if (!paths.value().isObject() && is30) {
            throw root.wrong("no paths (expected: an object of paths)");
        }
        PathTree tree = new PathTree();
        int operations = 0;
        for (String path : paths.value().propertyNames()) {
            if (path.startsWith("x-")) {
                continue;
            }
            if (!path.startsWith("/")) {
                throw paths.get(path).wrong(path + " (expected: to start with /)");
            }
            Node item = files.resolve(paths.get(path));
            for (String method : METHODS) {
                if (item.value().path(method).isObject()) {
                    Operation operation = Operation.of(files, item, method);
                    operations++;
                    for (String base : bases(basePath, List.of(item.get(method), item, root))) {
                        tree.add(base + path, operation);
                    }
                }
            }
        }
        return new Api(tree, new ApiSchemas(files, is30, formats), files, operations);
    }

    /** The paths of the servers; the closest node that has servers says them. */
    private static Set<String> bases(@Nullable String given, List<Node> nodes) throws DocumentException {
        if (given != null) {
            return Set.of(given.endsWith("/") ? given.substring(0, given.length() - 1) : given);
        }
        for (Node node : nodes) {
            JsonNode servers = node.value().path("servers");
            if (servers.isArray() && !servers.isEmpty()) {
                Set<String> bases = new LinkedHashSet<>();
                for (int i = 0; i < servers.size(); i++) {
                    bases.add(base(node.get("servers").get(i)));
                }
                return bases;
            }
        }
        return Set.of("");
    }

    /** The path of a server; a variable in it takes any segment. */
    private static String base(Node server) throws DocumentException {
        String url = server.text("url");
        int scheme = url.indexOf("://");
        String path;
        if (scheme >= 0) {
            int slash = url.indexOf('/', scheme + 3);
            path = slash < 0 ? "" : url.substring(slash);
        } else {
            path = url.startsWith("/") ? url : "/" + url;
        }
        while (path.endsWith("/")) {
            path = path.substring(0, path.length() - 1);
        }
        if (path.indexOf('{') < 0) {
            try {
                return String.valueOf(URI.create(path.isEmpty() ? "/" : path)
                                .normalize()
                                .getRawPath())
                        .replaceAll("/$", "");
            } catch (IllegalArgumentException e) {
                throw server.wrong("url: " + url + " (expected: a URL, or basePath in the step)");
            }
        }
        return path;
    }
}
