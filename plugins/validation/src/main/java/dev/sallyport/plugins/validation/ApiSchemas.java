package dev.sallyport.plugins.validation;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.OpenApi30;
import com.networknt.schema.dialect.OpenApi31;
import com.networknt.schema.format.Format;
import com.networknt.schema.path.NodePath;
import com.networknt.schema.path.PathType;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/** The schemas of an OpenAPI document, each compiled when it is first needed. Thread-safe. */
final class ApiSchemas {

    private final Schemas schemas;
    private final Map<Path, Schema> roots = new HashMap<>();
    private final Map<String, Schema> compiled = new ConcurrentHashMap<>();

    ApiSchemas(ApiFiles files, boolean is30, boolean formats) {
        Map<String, String> texts = new HashMap<>();
        files.documents().forEach((path, document) -> {
            // A single document is never looked for by its name.
            if (files.documents().size() > 1) {
                texts.put(uri(document), document.root().toString());
            }
        });
        Dialect dialect = is30
                ? extended(OpenApi30.getInstance(), "x-has-no-id")
                : extended(OpenApi31.getInstance(), OpenApi31.getInstance().getIdKeyword());
        schemas = new Schemas(
                java.util.stream.Stream.concat(
                                java.util.stream.Stream.of(dialect), Draft.dialects(Draft.DRAFT_2020_12).stream())
                        .toList(),
                formats,
                false,
                texts);
        files.documents().forEach((path, document) -> roots.put(path, schemas.compile(uri(document), document.root())));
    }

    private static String uri(Document document) {
        return document.file().toUri().toString();
    }

    private static Dialect extended(Dialect dialect, String idKeyword) {
        return Dialect.builder(Draft.quiet(dialect))
                .idKeyword(idKeyword)
                .format(new Range(
                        "int32", BigDecimal.valueOf(Integer.MIN_VALUE), BigDecimal.valueOf(Integer.MAX_VALUE)))
                .format(new Range("int64", BigDecimal.valueOf(Long.MIN_VALUE), BigDecimal.valueOf(Long.MAX_VALUE)))
                .format(new Base64Text())
                .build();
    }

    private Schema compiled(ApiFiles.Node node) {
        String key = node.document().file() + "#" + node.pointer();
        Schema known = compiled.get(key);
        if (known == null) {
            NodePath path = new NodePath(PathType.JSON_POINTER);
            String[] segments = node.pointer().split("/", -1);
            for (int i = 1; i < segments.length; i++) {
                String name = segments[i].replace("~1", "/").replace("~0", "~");
                path = name.matches("\\d{1,9}") ? path.append(Integer.parseInt(name)) : path.append(name);
            }
            Schema root = roots.get(node.document().file());
            if (root == null) {
                throw new IllegalStateException(node.document().file() + " was read with the others");
            }
            known = root.getSubSchema(path);
            compiled.put(key, known);
        }
        return known;
    }

    /** Checks a value by the schema at that place. */
    List<Violation> check(ApiFiles.Node schema, JsonNode value, Schemas.Direction direction, int most) {
        return schemas.check(compiled(schema), value, direction, most);
    }

    private record Range(String name, BigDecimal least, BigDecimal most) implements Format {

        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean matches(ExecutionContext execution, SchemaContext schema, JsonNode value) {
            return !value.isNumber()
                    || (value.decimalValue().compareTo(least) >= 0
                            && value.decimalValue().compareTo(most) <= 0);
        }
    }

    private static final class Base64Text implements Format {

        @Override
        public String getName() {
            return "byte";
        }

        @Override
        public boolean matches(ExecutionContext execution, SchemaContext schema, String value) {
            try {
                return Base64.getDecoder().decode(value) != null;
            } catch (IllegalArgumentException notBase64) {
                return false;
            }
        }
    }
}
