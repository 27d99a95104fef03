package dev.sallyport.kernel.script;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Pattern;

/** Makes a new script, with a test that passes. */
public final class ScriptTemplate {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

    private static final String SCRIPT = """
        // @ts-check
        /**
         * Says in one sentence what this script does.
         *
         * @type {import("./types/sallyport").Handler}
         */
        export default async function (request, next, { config, exchange, log }) {
          request.headers.set("x-greeting", config.greeting ?? "hello");
          const response = await next(request);
          response.headers.set("x-served-by", "NAME");
          return response;
        }
        """;

    private static final String TEST = """
        # Run by: sallyport scripts test
        config: {greeting: good morning}
        cases:
          - name: greets the upstream and signs the response
            request: {method: GET, url: /hello}
            response: {status: 200, body: world}
            expect:
              request: {headers: {x-greeting: good morning}}
              response: {status: 200, headers: {x-served-by: NAME}, body: world}
        """;

    private ScriptTemplate() {}

    /**
     * Writes {@code NAME.js} and {@code NAME.test.yaml}.
     *
     * @param folder the scripts folder
     * @param name in kebab-case
     * @return the files written
     * @throws IllegalArgumentException where that is not a name
     * @throws FileAlreadyExistsException where there is such a script already; nothing is written then
     * @throws IOException where the files cannot be written
     */
    public static List<Path> write(Path folder, String name) throws IOException {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(name + " (expected: a name in kebab-case, such as add-region)");
        }
        Path script = folder.resolve(name + ".js");
        Path test = folder.resolve(name + ".test.yaml");
        for (Path file : List.of(script, test)) {
            if (Files.exists(file)) {
                throw new FileAlreadyExistsException(file.toString());
            }
        }
        Files.createDirectories(folder);
        Files.writeString(script, SCRIPT.replace("NAME", name), StandardOpenOption.CREATE_NEW);
        Files.writeString(test, TEST.replace("NAME", name), StandardOpenOption.CREATE_NEW);
        return List.of(script, test);
    }
}
