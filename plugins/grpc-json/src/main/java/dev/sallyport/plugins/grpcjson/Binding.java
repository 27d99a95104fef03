package dev.sallyport.plugins.grpcjson;

import com.google.api.HttpRule;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a request becomes a call of a method. Immutable.
 *
 * @param httpMethod the request's method; {@code *} for each
 * @param variables the fields that segments of the path are bound to
 * @param body the field that the body is; null where it is the whole message, or nothing
 * @param wholeBody whether the body is the whole message
 * @param responseBody the field that is answered; null for the whole message
 */
record Binding(
        MethodDescriptor method,
        String httpMethod,
        PathTemplate template,
        List<Bound> variables,
        @Nullable FieldDescriptor body,
        boolean wholeBody,
        @Nullable FieldDescriptor responseBody) {

    /** Raw bytes of any type, which are no JSON. */
    static final String HTTP_BODY = "google.api.HttpBody";

    /** A field, and the segments that it gets. */
    record Bound(FieldPath field, PathTemplate.Variable variable) {}

    /** The one that each method has: POST of the whole message to the path that it has in gRPC. */
    static Binding generic(MethodDescriptor method) {
        PathTemplate path =
                new PathTemplate(List.of(method.getService().getFullName(), method.getName()), "", List.of());
        return new Binding(method, "POST", path, List.of(), null, true, null);
    }

    /**
     * Those of a rule.
     *
     * @throws DescriptionException where it does not fit its method
     */
    static List<Binding> of(MethodDescriptor method, HttpRule rule) throws DescriptionException {
        List<Binding> bindings = new ArrayList<>();
        bindings.add(one(method, rule));
        for (HttpRule further : rule.getAdditionalBindingsList()) {
            bindings.add(one(method, further));
        }
        return bindings;
    }

    private static Binding one(MethodDescriptor method, HttpRule rule) throws DescriptionException {
        String path = switch (rule.getPatternCase()) {
            case GET -> rule.getGet();
            case PUT -> rule.getPut();
            case POST -> rule.getPost();
            case DELETE -> rule.getDelete();
            case PATCH -> rule.getPatch();
            case CUSTOM -> rule.getCustom().getPath();
            case PATTERN_NOT_SET -> throw bad(method, "has no path");
        };
        String httpMethod = rule.getPatternCase() == HttpRule.PatternCase.CUSTOM
                ? rule.getCustom().getKind()
                : rule.getPatternCase().name().toUpperCase(Locale.ROOT);
        try {
            PathTemplate template = PathTemplate.parse(path);
            List<Bound> variables = new ArrayList<>();
            for (PathTemplate.Variable variable : template.variables()) {
                FieldPath field = FieldPath.of(method.getInputType(), variable.field());
                if (field == null || field.field().isRepeated()) {
                    throw bad(method, path + ": " + variable.field() + " (expected: a field that is not repeated)");
                }
                variables.add(new Bound(field, variable));
            }
            boolean whole = rule.getBody().equals("*");
            return new Binding(
                    method,
                    httpMethod,
                    template,
                    List.copyOf(variables),
                    whole ? null : field(method, method.getInputType(), rule.getBody()),
                    whole,
                    field(method, method.getOutputType(), rule.getResponseBody()));
        } catch (IllegalArgumentException e) {
            throw bad(method, String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable FieldDescriptor field(MethodDescriptor method, Descriptor type, String name)
            throws DescriptionException {
        if (name.isEmpty()) {
            return null;
        }
        FieldDescriptor field = type.findFieldByName(name);
        if (field == null) {
            throw bad(method, name + " (expected: a field of " + type.getFullName() + ")");
        }
        return field;
    }

    private static DescriptionException bad(MethodDescriptor method, String what) {
        return new DescriptionException(method.getFullName() + ": its google.api.http rule " + what);
    }

    /** Its path in gRPC. */
    String path() {
        return "/" + method.getService().getFullName() + "/" + method.getName();
    }

    /** The type of what is answered; null where that is no message. */
    @Nullable
    Descriptor answered() {
        if (responseBody == null) {
            return method.getOutputType();
        }
        boolean message = responseBody.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !responseBody.isRepeated();
        return message ? responseBody.getMessageType() : null;
    }

    /** Whether bytes of any type are answered. */
    boolean answersRaw() {
        Descriptor type = answered();
        return type != null && type.getFullName().equals(HTTP_BODY);
    }

    /** Whether the body is bytes of any type. */
    boolean takesRaw() {
        return wholeBody
                ? method.getInputType().getFullName().equals(HTTP_BODY)
                : body != null
                        && body.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                        && !body.isRepeated()
                        && body.getMessageType().getFullName().equals(HTTP_BODY);
    }
}
