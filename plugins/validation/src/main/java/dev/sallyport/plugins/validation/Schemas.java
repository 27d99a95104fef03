package dev.sallyport.plugins.validation;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.dialect.DefaultDialectRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.serialization.NodeReader;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Compiled schemas, and the one way to check a value by them: within a bound of errors and of steps. References lead only to
 * the documents that were given and to the drafts' own; nothing is fetched. Immutable and thread-safe.
 */
final class Schemas {

    /** A value that takes more steps, each a keyword that is looked at, is refused: a second or so. */
    private static final long MOST_STEPS = 20_000_000;

    /** Of branches of anyOf and oneOf too, which the library gathers before it knows whether they count: some megabytes. */
    private static final int MOST_ERRORS = 1_000_000;

    /** Which way a value goes: read-only properties are not sent, write-only ones not told. */
    enum Direction {
        NEITHER,
        REQUEST,
        RESPONSE
    }

    private final SchemaRegistry registry;
    private final boolean formats;

    /**
     * @param dialects what is known; the first is that of schemas which do not name theirs
     * @param formats whether the formats of texts are checked
     * @param preload whether references are followed at once, so that one that leads nowhere is found
     * @param documents what references may lead to, as JSON by URI
     */
    Schemas(List<Dialect> dialects, boolean formats, boolean preload, Map<String, String> documents) {
        this.formats = formats;
        registry = SchemaRegistry.withDefaultDialectId(
                dialects.getFirst().getId(),
                builder -> builder.dialectRegistry(new DefaultDialectRegistry(dialects))
                        .nodeReader(new JsonTexts())
                        .schemaLoader(loader -> loader.allow(
                                        iri -> isOfDraft(iri.toString()) || documents.containsKey(iri.toString()))
                                .resourceLoaders(loaders -> loaders.resources(documents)))
                        .schemaRegistryConfig(SchemaRegistryConfig.builder()
                                .locale(Locale.ROOT)
                                .messageSource((key, otherwise, locale, arguments) -> key)
                                .preloadSchema(preload)
                                .regularExpressionFactory(new Patterns())
                                .build()));
    }

    private static boolean isOfDraft(String iri) {
        return iri.startsWith("https://json-schema.org/draft") || iri.startsWith("http://json-schema.org/draft");
    }

    /**
     * Compiles a schema.
     *
     * @param uri what it is called where it has no {@code $id}
     * @throws SchemaException where it is none, or refers to what is not there
     */
    Schema compile(String uri, JsonNode schema) {
        Schema compiled = registry.getSchema(SchemaLocation.of(uri), schema);
        compiled.initializeValidators();
        return compiled;
    }

    /**
     * What is wrong with a schema by its draft's own schema.
     *
     * @param otherwise the draft where it does not say it
     */
    List<Violation> checkSchema(String otherwise, JsonNode schema) {
        String draft = schema.path("$schema").asString(otherwise);
        Schema meta = registry.getSchema(SchemaLocation.of(draft));
        return check(meta, schema, config(meta, Direction.NEITHER, false), 20);
    }

    /**
     * Checks a value.
     *
     * @param most how many errors are told
     */
    List<Violation> check(Schema schema, JsonNode value, Direction direction, int most) {
        return check(schema, value, config(schema, direction, formats), most);
    }

    private static List<Violation> check(Schema schema, JsonNode value, ExecutionConfig config, int most) {
        Execution execution = new Execution(config, most);
        List<Violation> violations = new ArrayList<>();
        StoppedException.Why stopped = null;
        try {
            schema.validate(execution, value);
        } catch (StoppedException e) {
            stopped = e.why();
        } catch (StackOverflowError tooDeep) {
            stopped = StoppedException.Why.WORK;
        }
        for (Error error : execution.first) {
            if (violations.size() == most) {
                break;
            }
            if (Execution.isFurther(error)) {
                continue;
            }
            Violation violation = Words.of(error);
            if (!violations.contains(violation)) {
                violations.add(violation);
            }
        }
        if (stopped != null && stopped != StoppedException.Why.ENOUGH) {
            violations.add(Violation.of("", "limit", stopped.text));
        }
        return violations;
    }

    private static ExecutionConfig config(Schema schema, Direction direction, boolean formats) {
        SpecificationVersion version = schema.getSchemaContext().getDialect().getSpecificationVersion();
        boolean asserts = version == null || version.getOrder() < SpecificationVersion.DRAFT_2019_09.getOrder();
        // Later drafts assert formats by themselves where their vocabulary says so.
        Boolean assertion = formats ? Boolean.TRUE : asserts ? Boolean.FALSE : null;
        return ExecutionConfig.builder()
                .locale(Locale.ROOT)
                .formatAssertionsEnabled(assertion)
                .readOnly(direction == Direction.REQUEST)
                .writeOnly(direction == Direction.RESPONSE)
                .build();
    }

    /** Documents are given as JSON, also those whose names end in {@code .yaml}. */
    private static final class JsonTexts implements NodeReader {

        private final JsonMapper mapper = JsonMapper.builder(JsonFactory.builder()
                        .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
                        .build())
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .build();

        @Override
        public JsonNode readTree(String content, InputFormat format) {
            return mapper.readTree(content);
        }

        @Override
        public JsonNode readTree(InputStream content, InputFormat format) {
            return mapper.readTree(content);
        }
    }

    /** One check; counts what it costs. */
    private static final class Execution extends ExecutionContext {

        private static final Error FURTHER =
                Error.builder().keyword("limit").message("further").build();

        final List<Error> first = getErrors();
        private final int most;
        private long steps;
        private int found;

        Execution(ExecutionConfig config, int most) {
            super(config);
            this.most = most;
        }

        @Override
        public void evaluationPathAddLast(String token) {
            if (++steps > MOST_STEPS) {
                throw new StoppedException(StoppedException.Why.WORK);
            }
            super.evaluationPathAddLast(token);
        }

        @SuppressWarnings("ReferenceEquality") // it stands for others
        static boolean isFurther(Error error) {
            return error == FURTHER;
        }

        /**
         * Errors of a branch that may not count in the end are needed as a number, so of many of them only the first are kept:
         * else a small body with many errors would take a lot of memory.
         */
        @Override
        @SuppressWarnings("ReferenceEquality") // branches have lists of their own
        public void addError(Error error) {
            if (++found > MOST_ERRORS) {
                throw new StoppedException(StoppedException.Why.WORK);
            }
            List<Error> errors = getErrors();
            if (errors == first) {
                errors.add(error);
                if (errors.size() > most) {
                    throw new StoppedException(StoppedException.Why.ENOUGH);
                }
            } else {
                errors.add(errors.size() < most ? error : FURTHER);
            }
        }
    }
}
