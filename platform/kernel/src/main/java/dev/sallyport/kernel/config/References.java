package dev.sallyport.kernel.config;

import dev.sallyport.kernel.config.ConfigProblem.Severity;
import dev.sallyport.kernel.config.GatewayConfig.Include;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Puts {@code ${env:NAME}}, {@code ${env:NAME:-default}}, {@code ${file:path}} and {@code ${secret:SERVICE/KEY}} in their places;
 * two dollars before a brace are the text of one dollar and the brace. What a file may read is bounded: never the gateway's state, never the folder of a configuration,
 * and within an include only what its entry lists.
 *
 * @param folder the main file's, to which the files of places are relative
 * @param forbidden folders that are never read
 * @param include the include to which the files belong, which may read what it lists; null for the main file, which may
 *     read all
 * @param files learns which files were read
 * @param secrets the services that give secrets; null for what is read before they are
 */
record References(
        Path folder,
        List<Path> forbidden,
        @Nullable Include include,
        Environment environment,
        Set<Path> files,
        @Nullable SecretServices secrets,
        Consumer<ConfigProblem> problems) {

    private static final Pattern REFERENCE = Pattern.compile("\\$(\\$\\{|\\{([^{}]*)}|\\{)");
    private static final String FORMS = "${env:NAME}, ${env:NAME:-default}, ${file:path} or ${secret:SERVICE/KEY}";
    private static final int MOST_BYTES = 1 << 20;

    /** A reference that cannot be resolved; its message says why. */
    private static final class Unresolved extends Exception {
        private static final long serialVersionUID = 1;

        Unresolved(String message) {
            super(message);
        }
    }

    /** The same value with its references put in; each that cannot be is reported. */
    ConfigNode resolve(ConfigNode root) {
        return resolve(root, "", new IdentityHashMap<>());
    }

    private ConfigNode resolve(ConfigNode node, String key, Map<ConfigNode, ConfigNode> done) {
        ConfigNode before = done.get(node);
        if (before != null) {
            return before;
        }
        ConfigNode resolved = switch (node) {
            case ConfigNode.Scalar scalar -> scalar.text().contains("${") ? scalar(scalar, key) : scalar;
            case ConfigNode.Sequence list -> {
                List<ConfigNode> items = new ArrayList<>();
                for (int i = 0; i < list.items().size(); i++) {
                    items.add(resolve(list.items().get(i), key + "[" + i + "]", done));
                }
                yield new ConfigNode.Sequence(List.copyOf(items), list.place());
            }
            case ConfigNode.Mapping mapping -> {
                Map<String, ConfigNode.Entry> entries = new LinkedHashMap<>();
                mapping.entries()
                        .forEach((name, entry) -> entries.put(
                                name,
                                new ConfigNode.Entry(
                                        entry.key(), resolve(entry.value(), Sources.join(key, name), done))));
                yield new ConfigNode.Mapping(Collections.unmodifiableMap(entries), mapping.place());
            }
        };
        done.put(node, resolved);
        return resolved;
    }

    private ConfigNode scalar(ConfigNode.Scalar scalar, String key) {
        StringBuilder text = new StringBuilder();
        List<String> given = new ArrayList<>();
        Matcher reference = REFERENCE.matcher(scalar.text());
        int end = 0;
        while (reference.find()) {
            text.append(scalar.text(), end, reference.start());
            end = reference.end();
            if (reference.group().equals("$${")) {
                text.append("${");
                continue;
            }
            try {
                given.add(value(reference.group(2), scalar.place(), key));
                text.append(given.getLast());
            } catch (Unresolved e) {
                problems.accept(new ConfigProblem(
                        Severity.ERROR,
                        scalar.place(),
                        key,
                        reference.group() + (reference.group(2) == null ? "…" : "") + " " + e.getMessage()));
            }
        }
        text.append(scalar.text().substring(end));
        return new ConfigNode.Scalar(
                text.toString(), scalar.written(), scalar.quoted(), scalar.place(), List.copyOf(given));
    }

    private String value(@Nullable String reference, Place place, String key) throws Unresolved {
        if (reference != null && reference.startsWith("env:")) {
            return variable(reference.substring(4));
        }
        if (reference != null && reference.startsWith("file:")) {
            return file(reference.substring(5), place);
        }
        if (reference != null && reference.startsWith("secret:")) {
            return secret(reference.substring(7), key);
        }
        throw new Unresolved("(expected: " + FORMS + "); write $${ for the text ${ itself");
    }

    private String variable(String reference) throws Unresolved {
        int otherwise = reference.indexOf(":-");
        String name = otherwise < 0 ? reference : reference.substring(0, otherwise);
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw new Unresolved("(expected: " + FORMS + "); mend the variable's name");
        }
        refuseUnlisted("env:" + name);
        String value = environment.variable(name);
        if (value != null) {
            return value;
        }
        if (otherwise < 0) {
            throw new Unresolved(
                    "(expected: the environment variable " + name + "); set it, or write ${env:" + name + ":-default}");
        }
        return reference.substring(otherwise + 2);
    }

    private String secret(String reference, String key) throws Unresolved {
        if (secrets == null || secrets.isClosed(key)) {
            throw new Unresolved(
                    "(expected: ${env:NAME} or ${file:path} here, which is read before the services that give"
                            + " secrets); use one of these");
        }
        refuseUnlisted("secret:" + reference);
        try {
            return secrets.value(reference);
        } catch (SecretLookup.UnknownSecretException e) {
            throw new Unresolved(String.valueOf(e.getMessage()));
        }
    }

    private String file(String name, Place place) throws Unresolved {
        try {
            Path path = folder.resolve(place.file())
                    .resolveSibling(name)
                    .toAbsolutePath()
                    .normalize();
            refuseUnlisted("file:" + path);
            refuseForbidden(path);
            files.add(path);
            if (!Files.isRegularFile(path) || Files.size(path) > MOST_BYTES) {
                throw new Unresolved("(expected: a file of at most 1MiB at " + path + "); write it, or mend the path");
            }
            Path real = path.toRealPath();
            refuseForbidden(real);
            String text = Files.readString(real);
            return text.endsWith("\r\n")
                    ? text.substring(0, text.length() - 2)
                    : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        } catch (CharacterCodingException e) {
            throw new Unresolved("(expected: text in UTF-8); write the file anew");
        } catch (IOException | InvalidPathException e) {
            throw new Unresolved("(expected: a readable file); " + e.getClass().getSimpleName() + " on reading it");
        }
    }

    private void refuseForbidden(Path path) throws Unresolved {
        for (Path folder : forbidden) {
            if (path.startsWith(folder)) {
                throw new Unresolved("(expected: a file outside of " + folder
                        + "); the folders of the configuration and of the gateway's state are never read so");
            }
        }
    }

    private void refuseUnlisted(String reference) throws Unresolved {
        if (include == null) {
            return;
        }
        List<String> allowed = include.secrets();
        for (String pattern : allowed) {
            if (matches(pattern, reference)) {
                return;
            }
        }
        String at = " the include at " + include.place();
        throw new Unresolved(
                allowed.isEmpty()
                        ? "(expected: no reference, as its include lists no secrets); give" + at + " secrets: [\""
                                + reference + "\"]"
                        : "(expected: one of what its include lists: " + Suggestion.list(allowed) + "); add \""
                                + reference + "\" to the secrets of" + at);
    }

    /** A star stands for any part of a name, but for no slash. */
    private static boolean matches(String pattern, String reference) {
        String regex = Pattern.compile("\\*")
                .splitAsStream(pattern + " ")
                .map(Pattern::quote)
                .collect(Collectors.joining("[^/]*"));
        return (reference + " ").matches(regex);
    }
}
