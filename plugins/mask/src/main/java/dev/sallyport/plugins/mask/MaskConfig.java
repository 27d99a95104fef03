package dev.sallyport.plugins.mask;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.json.MediaTypes;
import dev.sallyport.json.Pointer;
import java.util.List;
import java.util.Set;

/** The settings of the step {@code mask}. */
public record MaskConfig(
        @Doc("What is hidden, and how. Where two rules meet, the first counts.")
        List<Rule> rules,

        @Doc("The media types whose bodies are JSON, or JSON documents on lines of their own; +json means all that"
                + " end so.")
        @Default("[application/json, +json, application/x-ndjson, application/jsonl]")
        List<String> jsonTypes,

        @Doc("The media types whose bodies are searched as text for patterns; text/* means all of a kind.")
        @Default("[text/*, application/xml, +xml, application/javascript]")
        List<String> textTypes) {

    /** Where data is hidden. */
    public enum Where {
        /** In the request, before it goes to the upstream. */
        REQUEST,
        /** In the response, before it goes to the client. */
        RESPONSE,
        /** In what {@code access-log} writes. */
        LOGS
    }

    /** One kind of data, and what becomes of it. */
    public record Rule(
            @Doc("Where it is hidden.") @Default("[request, response, logs]")
            Set<Where> in,

            @Doc("Places in JSON bodies, as JSON pointers; a step that is * stands for each member and element.")
            List<String> fields,

            @Doc("Names of members in JSON bodies, at any depth, and of fields of forms, in any case.")
            List<String> names,

            @Doc("Names of header fields.") List<String> headers,

            @Doc("Names of query parameters, in any case.") List<String> query,

            @Doc("Data that is found wherever it stands in bodies of JSON, forms and text; in logs in the path, the"
                    + " query and what headers are written.")
            List<KnownPattern> patterns,

            @Doc("The same by regular expressions of RE2, of ASCII, which match at most 256 characters each.")
            List<String> regexes,

            @Doc("What stands in its place: stars (***), {last: N} for all but the last letters and digits, {hash:"
                    + " KEY} for a code that is the same for the same value, {text: …}, or remove for nothing.")
            @Default("stars")
            Style as) {

        /** @throws ConfigException where nothing is named, or what is named cannot be found */
        public Rule {
            if (fields.isEmpty()
                    && names.isEmpty()
                    && headers.isEmpty()
                    && query.isEmpty()
                    && patterns.isEmpty()
                    && regexes.isEmpty()) {
                throw new ConfigException(
                        "",
                        "nothing (expected: fields, names, headers, query, patterns or regexes); name what is hidden");
            }
            if (in.isEmpty()) {
                throw new ConfigException(
                        "in", "[] (expected: request, response or logs); name one, or remove the rule");
            }
            if (as instanceof Style.Text text && !text.text().chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
                throw new ConfigException(
                        "as", "text (expected: printable ASCII, which stands anywhere); write it in ASCII");
            }
            for (String field : fields) {
                check("fields", field);
            }
            for (String regex : regexes) {
                try {
                    Regex.parse(regex);
                } catch (IllegalArgumentException e) {
                    throw new ConfigException("regexes", String.valueOf(e.getMessage()));
                }
            }
        }

        private static void check(String key, String field) {
            try {
                if (Pointer.parse(field).steps().isEmpty()) {
                    throw new ConfigException(
                            key, "the document itself (expected: a place in it); write /* for all of it");
                }
            } catch (IllegalArgumentException e) {
                throw new ConfigException(key, String.valueOf(e.getMessage()));
            }
        }
    }

    /** Checks what one key says against the others. */
    public MaskConfig {
        if (rules.isEmpty()) {
            throw new ConfigException("rules", "[] (expected: a rule); name what is hidden, or remove the step");
        }
        MediaTypes.of("jsonTypes", jsonTypes);
        MediaTypes.of("textTypes", textTypes);
    }
}
