package dev.sallyport.plugins.validation;

import dev.sallyport.api.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks all of a request but its body by an operation. */
final class RequestCheck {

    private RequestCheck() {}

    /** What is wrong with the parameters. */
    static List<Violation> parameters(
            Request request, Operation operation, Map<String, String> path, Api api, OpenApiConfig config) {
        List<Violation> violations = new ArrayList<>();
        List<Pair> query = Pair.ofQuery(request.target().query());
        List<Pair> cookies = null;
        int most = config.maxErrors();
        for (Parameter parameter : operation.parameters()) {
            switch (parameter.in()) {
                case "path" ->
                    violations.addAll(parameter.check(
                            path.get(parameter.name()), api.schemas(), Schemas.Direction.REQUEST, most));
                case "query" -> violations.addAll(parameter.check(query, api.schemas(), most));
                case "header" ->
                    violations.addAll(parameter.check(
                            joined(request.headers().all(parameter.name())),
                            api.schemas(),
                            Schemas.Direction.REQUEST,
                            most));
                default -> {
                    cookies = cookies == null ? Pair.ofCookies(request.headers().all("cookie")) : cookies;
                    violations.addAll(parameter.check(cookies, api.schemas(), most));
                }
            }
        }
        if (config.unknownParameters() == OpenApiConfig.Unknown.REFUSE) {
            query.stream()
                    .map(Pair::name)
                    .distinct()
                    .filter(name -> !operation.knows(name))
                    .map(name -> new Violation("query", shortened(name), "", "unknown", "is not in the document"))
                    .forEach(violations::add);
        }
        return violations;
    }

    private static String shortened(String name) {
        return name.length() <= 100 ? name : name.substring(0, 100) + "…";
    }

    private static @Nullable String joined(List<String> fields) {
        return fields.isEmpty() ? null : String.join(",", fields);
    }

    /** What is wrong with the headers of a response. */
    static List<Violation> headers(dev.sallyport.api.Response response, Operation.Answer answer, Api api, int most) {
        List<Violation> violations = new ArrayList<>();
        for (Parameter header : answer.headers()) {
            violations.addAll(header.check(
                    joined(response.headers().all(header.name())), api.schemas(), Schemas.Direction.RESPONSE, most));
        }
        return violations;
    }
}
