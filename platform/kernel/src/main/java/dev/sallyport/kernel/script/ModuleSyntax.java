package dev.sallyport.kernel.script;

import com.oracle.js.parser.ErrorManager;
import com.oracle.js.parser.Parser;
import com.oracle.js.parser.ScriptEnvironment;
import com.oracle.js.parser.Source;
import com.oracle.js.parser.TokenType;
import com.oracle.js.parser.ir.BlockStatement;
import com.oracle.js.parser.ir.CallNode;
import com.oracle.js.parser.ir.CatchNode;
import com.oracle.js.parser.ir.EmptyNode;
import com.oracle.js.parser.ir.Expression;
import com.oracle.js.parser.ir.ExpressionStatement;
import com.oracle.js.parser.ir.FunctionNode;
import com.oracle.js.parser.ir.IdentNode;
import com.oracle.js.parser.ir.LexicalContext;
import com.oracle.js.parser.ir.LiteralNode;
import com.oracle.js.parser.ir.Node;
import com.oracle.js.parser.ir.Statement;
import com.oracle.js.parser.ir.TryNode;
import com.oracle.js.parser.ir.UnaryNode;
import com.oracle.js.parser.ir.VarNode;
import com.oracle.js.parser.ir.visitor.NodeVisitor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What stands in a module, by the engine's own parser, without running it. */
final class ModuleSyntax {

    private final String text;
    private final FunctionNode module;

    private ModuleSyntax(String text, FunctionNode module) {
        this.text = text;
        this.module = module;
    }

    /**
     * An import by {@code import(…)}.
     *
     * @param line from 1
     * @param column from 1
     * @param specifier null where it is not a plain string
     */
    record Dynamic(int line, int column, @Nullable String specifier) {}

    /** @param text of a module that is known to compile */
    static ModuleSyntax of(String name, String text) {
        ScriptEnvironment environment = ScriptEnvironment.builder()
                .ecmaScriptVersion(16)
                .strict(true)
                .importAttributes(true)
                .topLevelAwait(true)
                .classFields(true)
                .privateFieldsIn(true)
                .allowBigInt(true)
                .build();
        return new ModuleSyntax(
                text,
                new Parser(environment, Source.sourceFor(name, text), new ErrorManager.ThrowErrorManager())
                        .parseModule(name));
    }

    /** What {@code import … from} and {@code export … from} name. */
    List<String> imported() {
        return module.getModule().getRequestedModules().stream()
                .map(request -> request.specifier().toJavaStringUncached())
                .toList();
    }

    /** What {@code import(…)} names. */
    List<Dynamic> dynamicallyImported() {
        List<Dynamic> found = new ArrayList<>();
        module.accept(new NodeVisitor<LexicalContext>(new LexicalContext()) {
            @Override
            public boolean enterCallNode(CallNode call) {
                if (call.isImport()) {
                    boolean plain = call.getArgs().getFirst() instanceof LiteralNode<?> literal && literal.isString();
                    int at = call.getStart();
                    int lineStart = text.lastIndexOf('\n', at - 1) + 1;
                    int line = 1
                            + (int) text.substring(0, at)
                                    .chars()
                                    .filter(c -> c == '\n')
                                    .count();
                    found.add(new Dynamic(
                            line,
                            at - lineStart + 1,
                            plain ? ((LiteralNode<?>) call.getArgs().getFirst()).getString() : null));
                }
                return true;
            }
        });
        return found;
    }

    /**
     * Whether an evaluated module has nowhere to keep what a call leaves: at its top there are only functions and constants of
     * simple values, and its functions are called and used for nothing else, since a function is an object too. Then it need
     * not be evaluated anew for each call. The function that it exports is out of its own reach; others must freeze it.
     */
    boolean isStateless() {
        if (!imported().isEmpty() || !dynamicallyImported().isEmpty()) {
            return false;
        }
        Set<String> functions = new HashSet<>();
        Set<Node> harmless = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Statement statement : module.getBody().getStatements()) {
            if (statement instanceof BlockStatement || statement instanceof TryNode) {
                return false; // a var in there is the module's
            } else if (statement instanceof VarNode declared) {
                harmless.add(declared.getName());
                if (declared.getInit() instanceof FunctionNode function && !function.isGenerator()) {
                    functions.add(declared.getName().getName());
                    if (function.getIdent() != null) {
                        functions.add(function.getIdent().getName()); // what it calls itself
                    }
                } else if (!declared.isConst() || !isSimple(declared.getInit())) {
                    return false;
                }
            } else if (isRun(statement, module)) {
                return false;
            }
        }
        List<IdentNode> others = new ArrayList<>();
        module.accept(new NodeVisitor<LexicalContext>(new LexicalContext()) {
            private final Set<Node> constructed = Collections.newSetFromMap(new IdentityHashMap<>());

            @Override
            public boolean enterUnaryNode(UnaryNode unary) {
                if (unary.isTokenType(TokenType.NEW)) {
                    constructed.add(unary.getExpression());
                }
                return true;
            }

            @Override
            public boolean enterCallNode(CallNode call) {
                if (!constructed.contains(call)) {
                    harmless.add(call.getFunction());
                }
                return true;
            }

            @Override
            public boolean enterIdentNode(IdentNode name) {
                if (name.isMetaProperty() || (functions.contains(name.getName()) && !harmless.contains(name))) {
                    others.add(name);
                }
                return true;
            }
        });
        return others.isEmpty();
    }

    private static boolean isSimple(@Nullable Expression value) {
        return value instanceof LiteralNode<?> literal
                && (literal.isString()
                        || literal.getValue() instanceof Number
                        || literal.getValue() instanceof Boolean);
    }

    /** The lines on which statements begin. */
    BitSet statementLines() {
        BitSet lines = new BitSet();
        module.accept(new NodeVisitor<LexicalContext>(new LexicalContext()) {
            @Override
            protected boolean enterDefault(Node node) {
                if (node instanceof Statement statement && isRun(statement, lc.getCurrentFunction())) {
                    lines.set(statement.getLineNumber());
                }
                return true;
            }
        });
        return lines;
    }

    /** Blocks are no more than what is in them; a declaration without a value does nothing. */
    private static boolean isRun(Statement statement, FunctionNode function) {
        return switch (statement) {
            case BlockStatement block -> false;
            case EmptyNode none -> false;
            case TryNode parts -> false;
            case CatchNode part -> false;
            case VarNode declared -> declared.getInit() != null && !declared.isFunctionDeclaration();
            case ExpressionStatement own
            when function.isModule() && own.getExpression().isTokenType(TokenType.YIELD) -> false; // the engine's own
            default -> true;
        };
    }
}
