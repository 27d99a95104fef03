package dev.sallyport.plugins.messagepolicy;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.serialization.NodeReader;
import dev.sallyport.api.config.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A compiled schema. Nothing is fetched; patterns run in linear time (RE2/J), and one that it cannot express is refused when
 * the schema is read. Immutable and thread-safe.
 */
final class MessageSchema {

    static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(100)
                            .maxNumberLength(400)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    // Clients make up the names: what they sent would be kept as long as this is.
                    .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                    // Others keep buffers in thread locals, and this plugin with them.
                    .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Schema schema;

    private MessageSchema(Schema schema) {
        this.schema = schema;
    }

    /** That of the settings; null where they name none. */
    static @Nullable MessageSchema of(MessagePolicyConfig config) {
        Path file = config.schemaFile();
        if (file == null) {
            return config.schema().isEmpty() ? null : compile("schema", JSON.valueToTree(config.schema()));
        }
        try {
            return compile("schemaFile", JSON.readTree(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new ConfigException("schemaFile", file + " cannot be read (expected: a readable file)");
        } catch (JacksonException e) {
            throw new ConfigException(
                    "schemaFile", file + place(":", ":", e) + " is not JSON: " + e.getOriginalMessage());
        }
    }

    private static MessageSchema compile(String key, JsonNode root) {
        try {
            SchemaRegistry registry = SchemaRegistry.withDefaultDialect(
                    SpecificationVersion.DRAFT_2020_12,
                    builder -> builder.nodeReader(new JsonTexts())
                            .schemaLoader(loader -> loader.allow(iri -> {
                                String text = iri.toString();
                                return text.startsWith("https://json-schema.org/draft")
                                        || text.startsWith("http://json-schema.org/draft");
                            }))
                            .schemaRegistryConfig(SchemaRegistryConfig.builder()
                                    .locale(Locale.ROOT)
                                    .preloadSchema(true)
                                    .regularExpressionFactory(pattern -> {
                                        com.google.re2j.Pattern linear = com.google.re2j.Pattern.compile(pattern);
                                        return text -> linear.matcher(text).find();
                                    })
                                    .build()));
            Schema schema = registry.getSchema(root);
            schema.initializeValidators();
            return new MessageSchema(schema);
        } catch (SchemaException | com.google.re2j.PatternSyntaxException | StackOverflowError e) {
            throw new ConfigException(key, "cannot be used: " + e.getMessage());
        }
    }

    /** What is wrong with a text, without any of its values; null where it is right. */
    @Nullable
    String check(String text) {
        JsonNode value;
        try {
            value = JSON.readTree(text);
        } catch (JacksonException e) {
            return "not JSON" + place(", at line ", ", column ", e);
        }
        if (value.isMissingNode()) {
            return "not JSON: nothing there";
        }
        if (!isFinite(value)) { // the largest number would pass for any that is larger
            return "not JSON: a number that is too large";
        }
        Check check = new Check();
        try {
            schema.validate(check, value);
        } catch (StoppedException e) {
            // what it has found is enough
        } catch (StackOverflowError tooDeep) {
            return Check.GIVEN_UP;
        }
        return check.told();
    }

    private static boolean isFinite(JsonNode value) {
        if (value.isContainer()) {
            for (JsonNode each : value) {
                if (!isFinite(each)) {
                    return false;
                }
            }
        }
        return !value.isNumber() || Double.isFinite(value.doubleValue()) || value.isIntegralNumber();
    }

    private static String place(String line, String column, JacksonException e) {
        TokenStreamLocation at = e.getLocation();
        return at == null ? "" : line + at.getLineNr() + column + at.getColumnNr();
    }

    /** The end of a check before all was looked at. */
    private static final class StoppedException extends RuntimeException {

        private static final long serialVersionUID = 1;

        StoppedException() {
            super("stopped", null, false, false);
        }
    }

    /** One check: ends after the first error, or after so many steps. */
    private static final class Check extends ExecutionContext {

        static final String GIVEN_UP = "the check takes too long";

        /** Each a keyword that is looked at: a tenth of a second or so. */
        private static final int MOST_STEPS = 1_000_000;

        private static final ExecutionConfig CONFIG =
                ExecutionConfig.builder().locale(Locale.ROOT).build();

        private final List<Error> counted = getErrors();
        private int steps;

        Check() {
            super(CONFIG);
        }

        /** What was found; null for nothing. */
        @Nullable
        String told() {
            if (counted.isEmpty()) {
                return steps > MOST_STEPS ? GIVEN_UP : null;
            }
            Error error = counted.getFirst();
            String at = error.getInstanceLocation().toString();
            return (at.isEmpty() ? "the value" : at) + " breaks " + error.getKeyword();
        }

        /** Here, and not where an error is added: there the library would log it. */
        @Override
        public void evaluationPathAddLast(String token) {
            if (++steps > MOST_STEPS || !counted.isEmpty()) {
                throw new StoppedException();
            }
            super.evaluationPathAddLast(token);
        }

        /** Of branches, that there is an error is all that counts. */
        @Override
        public void addError(Error error) {
            if (getErrors().isEmpty()) {
                getErrors().add(error);
            }
        }
    }

    /** Documents are JSON, whatever their names end in. */
    private static final class JsonTexts implements NodeReader {

        @Override
        public JsonNode readTree(String content, InputFormat format) {
            return JSON.readTree(content);
        }

        @Override
        public JsonNode readTree(InputStream content, InputFormat format) {
            return JSON.readTree(content);
        }
    }
}
