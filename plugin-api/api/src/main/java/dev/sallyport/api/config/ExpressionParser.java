package dev.sallyport.api.config;

import static dev.sallyport.api.config.Kind.ANY;
import static dev.sallyport.api.config.Kind.BOOLEAN;
import static dev.sallyport.api.config.Kind.LIST;
import static dev.sallyport.api.config.Kind.NUMBER;
import static dev.sallyport.api.config.Kind.TEXT;

import dev.sallyport.api.config.Lexer.Token;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads an expression: from what binds loosest to what binds tightest, as CEL does. What it gives is checked: no value of
 * another kind than is needed but where the kind is known only when there is a request.
 */
final class ExpressionParser {

    private static final int DEEPEST = 50;

    private final Lexer lexer;
    private final Sight sight;
    private final Map<String, Node> reads = new LinkedHashMap<>();
    private @Nullable Token ahead;
    private int depth;

    ExpressionParser(String text, int from, Sight sight) {
        lexer = new Lexer(text, from, sight == Sight.MATCH);
        this.sight = sight;
    }

    /** The names that were read, and what they stand for. */
    Map<String, Node> reads() {
        return reads;
    }

    /** The expression that is the rest of the text. */
    Node whole() {
        Node node = expression();
        if (peek().type() != Lexer.Type.END) {
            throw unexpected("an operator such as == or &&, or the end");
        }
        return node;
    }

    /** The expression up to a closing brace. */
    Node upToBrace() {
        Node node = expression();
        if (!peek().is("}")) {
            throw unexpected("} or an operator");
        }
        take();
        return node;
    }

    /** Where what was read ends. */
    int position() {
        return lexer.position();
    }

    private Node expression() {
        if (++depth > DEEPEST) {
            throw lexer.error(peek().at(), "at most " + DEEPEST + " levels", "make it simpler");
        }
        Node condition = anyOf();
        if (peek().is("?")) {
            take();
            need(condition, BOOLEAN);
            Node then = expression();
            expect(":");
            Node otherwise = expression();
            needSame(then, otherwise);
            Node test = condition;
            condition = new Node(
                    then.kind().or(otherwise.kind()),
                    test.at(),
                    (request, response, groups) -> test.holds(request, response, groups)
                            ? then.of(request, response, groups)
                            : otherwise.of(request, response, groups));
        }
        depth--;
        return condition;
    }

    private Node anyOf() {
        return joined("||", true, this::allOf);
    }

    private Node allOf() {
        return joined("&&", false, this::relation);
    }

    /** All with one sign between, tried in order until one decides. */
    private Node joined(String sign, boolean decides, Supplier<Node> operand) {
        Node first = operand.get();
        if (!peek().is(sign)) {
            return first;
        }
        List<Node> all = new ArrayList<>();
        all.add(need(first, BOOLEAN));
        while (peek().is(sign)) {
            take();
            all.add(need(operand.get(), BOOLEAN));
        }
        Node[] operands = all.toArray(Node[]::new);
        return new Node(BOOLEAN, first.at(), (request, response, groups) -> {
            for (Node each : operands) {
                if (each.holds(request, response, groups) == decides) {
                    return decides;
                }
            }
            return !decides;
        });
    }

    private Node relation() {
        Node left = unary();
        for (; ; ) {
            Token sign = peek();
            Node one = left;
            switch (sign.text()) {
                case "==", "!=" -> {
                    Node other = right();
                    needSame(one, other);
                    boolean same = sign.is("==");
                    left = new Node(
                            BOOLEAN,
                            one.at(),
                            (request, response, groups) ->
                                    Values.same(one.of(request, response, groups), other.of(request, response, groups))
                                            == same);
                }
                case "<", "<=", ">", ">=" -> left = order(one, sign.text(), right());
                case "in" -> {
                    Node list = need(right(), LIST);
                    left = new Node(
                            BOOLEAN,
                            one.at(),
                            (request, response, groups) -> Values.among(
                                    one.of(request, response, groups), list.of(request, response, groups)));
                }
                default -> {
                    return left;
                }
            }
        }
    }

    private Node right() {
        take();
        return unary();
    }

    private Node order(Node one, String sign, Node other) {
        needSame(one, other);
        for (Node side : List.of(one, other)) {
            if (side.kind() == BOOLEAN || side.kind() == LIST) {
                throw lexer.error(
                        side.at(),
                        "a number, a text or a time beside " + sign,
                        "this is a " + side.kind().words());
            }
        }
        return new Node(BOOLEAN, one.at(), (request, response, groups) -> {
            Integer compared = Values.compared(one.of(request, response, groups), other.of(request, response, groups));
            return compared != null
                    && switch (sign) {
                        case "<" -> compared < 0;
                        case "<=" -> compared <= 0;
                        case ">" -> compared > 0;
                        default -> compared >= 0;
                    };
        });
    }

    private Node unary() {
        Token token = peek();
        if (token.is("!")) {
            take();
            if (++depth > DEEPEST) {
                throw lexer.error(token.at(), "at most " + DEEPEST + " levels", "make it simpler");
            }
            Node operand = need(unary(), BOOLEAN);
            depth--;
            return new Node(
                    BOOLEAN, token.at(), (request, response, groups) -> !operand.holds(request, response, groups));
        }
        if (token.is("-")) {
            take();
            Token number = take();
            if (number.type() != Lexer.Type.NUMBER) {
                throw lexer.error(number.at(), "a number after -", "there is no arithmetic");
            }
            Object value = number.value() instanceof Long whole ? (Object) (-whole) : -(Double) number.value();
            return postfix(Node.constant(NUMBER, token.at(), value));
        }
        return postfix(primary());
    }

    private Node primary() {
        Token token = take();
        return switch (token.type()) {
            case TEXT -> Node.constant(TEXT, token.at(), token.value());
            case NUMBER -> Node.constant(NUMBER, token.at(), token.value());
            case NAME -> named(token);
            default -> {
                if (token.is("(")) {
                    Node inner = expression();
                    expect(")");
                    yield inner;
                }
                if (token.is("[")) {
                    yield list(token.at());
                }
                ahead = token;
                throw unexpected("a value");
            }
        };
    }

    private Node list(int at) {
        List<Node> items = arguments("]");
        List<Object> constants = new ArrayList<>();
        for (Node item : items) {
            if (item.constant() != null) {
                constants.add(item.constant());
            }
        }
        if (constants.size() == items.size()) {
            return Node.constant(LIST, at, List.copyOf(constants));
        }
        Node[] nodes = items.toArray(Node[]::new);
        return new Node(LIST, at, (request, response, groups) -> {
            List<Object> values = new ArrayList<>(nodes.length);
            for (Node node : nodes) {
                Object value = node.of(request, response, groups);
                if (value != null) {
                    values.add(value);
                }
            }
            return values;
        });
    }

    private Node named(Token name) {
        switch (name.text()) {
            case "true", "false" -> {
                return Node.constant(BOOLEAN, name.at(), Boolean.valueOf(name.text()));
            }
            case "null" ->
                throw lexer.error(
                        name.at(),
                        "a value",
                        "ask whether something is there with has(…), give another with .orValue(…)");
            case "in" -> throw lexer.error(name.at(), "a value before in", "write it");
            default -> {
                if (peek().is("(")) {
                    return call(name, null);
                }
            }
        }
        return read(name);
    }

    /** A name and its members: as many of them as there are names for, as {@code consumer.tags} before {@code consumer}. */
    private Node read(Token first) {
        String path = first.text();
        while (peek().is(".")) {
            take();
            Token member = lexer.member();
            if (peek().is("(")) {
                return call(member, fixed(path, first));
            }
            String longer = path + "." + member.text();
            if (Names.isBeginning(longer)) {
                path = longer;
            } else if (Names.withMembers(path) != null) {
                return member(path, member.text(), first);
            } else {
                return member(fixed(Names.fixed(path) == null ? longer : path, first), member, member.text());
            }
        }
        Names.Name open = Names.withMembers(path);
        if (open != null && peek().is("[")) {
            take();
            Token quoted = take();
            if (quoted.type() != Lexer.Type.TEXT) {
                throw lexer.error(quoted.at(), "a name in quotes in [ ]", "write " + path + "[\"…\"]");
            }
            expect("]");
            return member(path, String.valueOf(quoted.value()), first);
        }
        return fixed(path, first);
    }

    private Node member(String path, String member, Token first) {
        Names.Name name = Objects.requireNonNull(Names.withMembers(path));
        return node(name, path + "." + member, member, first);
    }

    private Node fixed(String path, Token first) {
        Names.Name name = Names.fixed(path);
        if (name != null) {
            return node(name, path, "", first);
        }
        Names.Name open = Names.withMembers(path);
        if (open != null) {
            throw lexer.error(
                    first.at(), open.form(), "name one: " + path + "." + (path.endsWith("header") ? "x-key" : "name"));
        }
        if (sight == Sight.MATCH && path.equals(first.text())) {
            String group = path.startsWith("$") ? path.substring(1) : path;
            Node node = new Node(
                    TEXT, first.at(), (request, response, groups) -> groups == null ? null : groups.group(group));
            reads.put(path, node);
            return node;
        }
        throw lexer.error(
                first.at(),
                "a name such as client.address, consumer or header.x-key",
                Nearest.mend(
                        path.startsWith("request.") ? path.substring("request.".length()) : path,
                        Names.forms(sight),
                        "put text in quotes, or take a name of docs/reference/expressions.md"));
    }

    private Node node(Names.Name name, String written, String member, Token first) {
        if (!sight.sees(name.sight())) {
            throw name.sight() == Sight.COMPLETION
                    ? lexer.error(first.at(), "a name of what is known before the end", "here the exchange goes on")
                    : lexer.error(first.at(), "a name of the request", "here the response is not there yet");
        }
        Node node = new Node(name.kind(), first.at(), name.value().apply(member));
        reads.put(written, node);
        return node;
    }

    private Node postfix(Node start) {
        Node node = start;
        for (; ; ) {
            Token token = peek();
            if (token.is(".")) {
                take();
                Token member = lexer.member();
                node = peek().is("(") ? call(member, node) : member(node, member, member.text());
            } else if (token.is("[")) {
                take();
                Token index = take();
                expect("]");
                if (index.type() == Lexer.Type.TEXT) {
                    node = member(node, index, String.valueOf(index.value()));
                } else if (index.value() instanceof Long number) {
                    node = item(need(node, LIST), number);
                } else {
                    throw lexer.error(index.at(), "a number or a text in quotes in [ ]", "quote a name: [\"…\"]");
                }
            } else {
                return node;
            }
        }
    }

    private Node item(Node list, long index) {
        return new Node(
                ANY,
                list.at(),
                (request, response, groups) ->
                        list.of(request, response, groups) instanceof List<?> items && index < items.size()
                                ? Values.ofJson(items.get((int) index))
                                : null);
    }

    private Node member(Node node, Token token, String name) {
        if (node.kind() != ANY) {
            boolean method = !Functions.named(name, true).isEmpty();
            throw lexer.error(
                    token.at(),
                    "no further name: what stands before it is a " + node.kind().words(),
                    method ? "call it: ." + name + "(…)" : "write a name with dots in quotes: header[\"a.b\"]");
        }
        return new Node(
                ANY,
                node.at(),
                (request, response, groups) -> node.of(request, response, groups) instanceof Map<?, ?> map
                        ? Values.ofJson(map.get(name))
                        : null);
    }

    private Node call(Token name, @Nullable Node on) {
        take();
        List<Node> arguments = arguments(")");
        List<Functions.Form> forms = Functions.named(name.text(), on != null);
        if (forms.isEmpty()) {
            List<String> names = Functions.all().stream()
                    .filter(form -> (form.on() == null) == (on == null))
                    .map(Functions.Form::name)
                    .distinct()
                    .toList();
            boolean other = !Functions.named(name.text(), on == null).isEmpty();
            throw lexer.error(
                    name.at(),
                    "one of " + String.join(", ", names),
                    other
                            ? on == null
                                    ? "write it after what it is of: x." + name.text() + "(…)"
                                    : "write " + name.text() + "(x)"
                            : Nearest.mend(name.text(), names, "use one of these"));
        }
        Functions.Form form = fitting(forms, name, arguments, on);
        List<Node> all = new ArrayList<>();
        if (on != null) {
            all.add(need(on, on.kind() == ANY ? ANY : kindOn(form)));
        }
        for (int i = 0; i < arguments.size(); i++) {
            Node argument = need(arguments.get(i), form.parameters().get(i));
            if (form.isConstant() && argument.constant() == null) {
                throw lexer.error(argument.at(), "a " + form.parameters().get(i).words() + " written out", "write it");
            }
            all.add(argument);
        }
        Kind result = form.result();
        if (form.name().equals("orValue")) {
            needSame(all.get(0), all.get(1));
            result = all.get(0).kind().or(all.get(1).kind());
        }
        try {
            return new Node(
                    result, on == null ? name.at() : on.at(), form.maker().of(List.copyOf(all)));
        } catch (IllegalArgumentException e) {
            int at = arguments.isEmpty() ? name.at() : arguments.getFirst().at();
            throw lexer.error(at, String.valueOf(e.getMessage()), "mend it");
        }
    }

    private static Kind kindOn(Functions.Form form) {
        return form.on() == null ? ANY : form.on();
    }

    /** The form that takes that many arguments, and is called on that. */
    private Functions.Form fitting(List<Functions.Form> forms, Token name, List<Node> arguments, @Nullable Node on) {
        List<Functions.Form> counted = forms.stream()
                .filter(form -> form.parameters().size() == arguments.size())
                .toList();
        for (Functions.Form form : counted) {
            if (on == null || kindOn(form).takes(on.kind())) {
                return form;
            }
        }
        String written =
                String.join(" or ", forms.stream().map(Functions.Form::form).toList());
        throw lexer.error(
                counted.isEmpty() || on == null ? name.at() : on.at(),
                written,
                on != null && !counted.isEmpty() ? convert(on.kind(), kindOn(counted.getFirst())) : "give it these");
    }

    private List<Node> arguments(String end) {
        List<Node> arguments = new ArrayList<>();
        if (peek().is(end)) {
            take();
            return arguments;
        }
        arguments.add(expression());
        while (peek().is(",")) {
            take();
            arguments.add(expression());
        }
        expect(end);
        return arguments;
    }

    private Node need(Node node, Kind kind) {
        if (!kind.takes(node.kind())) {
            throw lexer.error(
                    node.at(), "a " + kind.words() + ", not a " + node.kind().words(), convert(node.kind(), kind));
        }
        return node;
    }

    private void needSame(Node one, Node other) {
        if (!one.kind().takes(other.kind())) {
            throw lexer.error(
                    other.at(),
                    "a " + one.kind().words() + " as before it, not a "
                            + other.kind().words(),
                    convert(one.kind(), other.kind()));
        }
    }

    private static String convert(Kind from, Kind to) {
        return switch (to) {
            case NUMBER -> from == TEXT ? "make a number of a text with int(…)" : "compare it";
            case BOOLEAN -> "compare it, or ask whether it is there: has(…)";
            case TEXT ->
                from == NUMBER ? "put the text in quotes, or make one with string(…)" : "make one with string(…)";
            case LIST -> "write a list: [\"a\", \"b\"]";
            case TIME -> "write timestamp(\"2027-01-31T08:00:00Z\")";
            case ANY -> "mend it";
        };
    }

    void expect(String sign) {
        if (!peek().is(sign)) {
            throw unexpected(sign);
        }
        take();
    }

    private ExpressionException unexpected(String expected) {
        Token token = peek();
        String mend = switch (token.text()) {
            case "" -> token.at() == 0 ? "write an expression such as client.address" : "write the rest";
            case "and", "AND" -> "did you mean &&?";
            case "or", "OR" -> "did you mean ||?";
            case "not", "NOT" -> "did you mean !?";
            default -> token.type() == Lexer.Type.NAME ? "put text in quotes" : "remove " + token.text();
        };
        return lexer.error(token.at(), expected, mend);
    }

    Token peek() {
        Token token = ahead;
        if (token == null) {
            token = lexer.next();
            ahead = token;
        }
        return token;
    }

    Token take() {
        Token token = peek();
        ahead = null;
        return token;
    }
}
