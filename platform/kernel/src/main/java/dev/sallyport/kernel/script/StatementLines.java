package dev.sallyport.kernel.script;

import com.oracle.js.parser.ErrorManager;
import com.oracle.js.parser.Parser;
import com.oracle.js.parser.ScriptEnvironment;
import com.oracle.js.parser.Source;
import com.oracle.js.parser.TokenType;
import com.oracle.js.parser.ir.BlockStatement;
import com.oracle.js.parser.ir.CatchNode;
import com.oracle.js.parser.ir.EmptyNode;
import com.oracle.js.parser.ir.ExpressionStatement;
import com.oracle.js.parser.ir.FunctionNode;
import com.oracle.js.parser.ir.LexicalContext;
import com.oracle.js.parser.ir.Node;
import com.oracle.js.parser.ir.Statement;
import com.oracle.js.parser.ir.TryNode;
import com.oracle.js.parser.ir.VarNode;
import com.oracle.js.parser.ir.visitor.NodeVisitor;
import java.util.BitSet;

/** The lines of a module on which statements begin, by the engine's own parser. */
final class StatementLines {

    private StatementLines() {}

    /** @param text of a module that is known to compile */
    static BitSet of(String name, String text) {
        ScriptEnvironment environment = ScriptEnvironment.builder()
                .ecmaScriptVersion(16)
                .strict(true)
                .importAttributes(true)
                .topLevelAwait(true)
                .classFields(true)
                .privateFieldsIn(true)
                .allowBigInt(true)
                .build();
        FunctionNode module = new Parser(
                        environment, Source.sourceFor(name, text), new ErrorManager.ThrowErrorManager())
                .parseModule(name);
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
