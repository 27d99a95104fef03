package dev.sallyport.plugins.authorize;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExprVisitor;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeBuilder;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;

/**
 * CEL with the {@link Variables} and with the functions of the gateway's expressions, such as
 * {@code client.address.inCidr("10.0.0.0/8")}. It has no loops but over lists and maps that are there, regular expressions take linear time, and what is left to grow is bounded here.
 */
final class Language {

    /** How often all loops of a condition may go round together. Groups and scopes are a handful. */
    static final int MOST_ITERATIONS = 10_000;

    private static final java.util.regex.Pattern NAME =
            java.util.regex.Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*");

    private static final CelOptions OPTIONS = CelOptions.current()
            .enableHeterogeneousNumericComparisons(true)
            .comprehensionMaxIterations(MOST_ITERATIONS)
            .maxExpressionCodePointSize(10_000)
            .maxParseRecursionDepth(100)
            .maxRegexProgramSize(10_000)
            .build();

    private static final CelCompiler COMPILER = compiler();

    private static final CelRuntime RUNTIME = runtime();

    private Language() {}

    private static CelCompiler compiler() {
        CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .setResultType(SimpleType.BOOL)
                .addFunctionDeclarations(CelFunctionDecl.newFunctionDeclaration(
                        "inCidr",
                        CelOverloadDecl.newMemberOverload(
                                "string_inCidr_string", SimpleType.BOOL, SimpleType.STRING, SimpleType.STRING)));
        Functions.declare(builder);
        Variables.all().forEach((name, variable) -> builder.addVar(name, variable.type()));
        return builder.build();
    }

    private static CelRuntime runtime() {
        CelRuntimeBuilder builder = CelRuntimeFactory.plannerRuntimeBuilder()
                .setOptions(OPTIONS)
                .addFunctionBindings(CelFunctionBinding.fromOverloads(
                        "inCidr",
                        CelFunctionBinding.from("string_inCidr_string", String.class, String.class, Cidr::holds)));
        Functions.bind(builder);
        return builder.build();
    }

    /**
     * A condition that is ready to be judged.
     *
     * @param members variables that only it has, by the members that it reads: {@code path.id}
     */
    record Compiled(CelRuntime.Program program, Map<String, Variables.Variable> members) {}

    /**
     * The program of a text.
     *
     * @throws CelValidationException where it is none
     * @throws CelEvaluationException where it cannot run
     * @throws IllegalArgumentException where a block of addresses or a regular expression in it is none
     */
    static Compiled program(String text) throws CelValidationException, CelEvaluationException {
        CelAbstractSyntaxTree parsed = COMPILER.parse(text).getAst();
        Members members = new Members();
        members.visit(parsed);
        CelCompiler compiler = COMPILER;
        if (!members.found.isEmpty()) {
            CelCompilerBuilder builder = COMPILER.toCompilerBuilder();
            members.found.forEach((name, variable) -> builder.addVar(name, variable.type()));
            compiler = builder.build();
        }
        CelAbstractSyntaxTree tree = compiler.check(parsed).getAst();
        new Constants().visit(tree);
        return new Compiled(RUNTIME.createProgram(tree), Map.copyOf(members.found));
    }

    /** Finds the names that expressions have and types of CEL cannot say: {@code path.id} beside {@code path}. */
    private static final class Members extends CelExprVisitor {

        private final Map<String, Variables.Variable> found = new HashMap<>();

        @Override
        protected void visit(CelExpr expr, CelExpr.CelSelect select) {
            super.visit(expr, select);
            if (select.operand().exprKind().getKind() == CelExpr.ExprKind.Kind.IDENT && !select.testOnly()) {
                String name = select.operand().ident().name() + "." + select.field();
                Variables.Variable variable = Variables.member(name);
                if (variable != null) {
                    found.put(name, variable);
                }
            }
        }
    }

    /** An issue of a text on one line: where it is, and what it is. */
    static String told(CelIssue issue, String text) {
        int line = issue.getSourceLocation().getLine();
        int column = issue.getSourceLocation().getColumn();
        String message = issue.getMessage().replace(" (in container '')", "").replaceAll("\\s*\\R\\s*", " ");
        if (message.startsWith("undeclared reference")) {
            // It names the first part of a variable alone, which is there.
            String name = nameAt(text, line, column);
            message = (name.isEmpty() ? message : "undeclared reference to '" + name + "'") + "; there are "
                    + String.join(", ", Variables.all().keySet());
        }
        return "line " + line + ", column " + (column + 1) + ": " + message;
    }

    private static String nameAt(String text, int line, int column) {
        String[] lines = text.split("\n", -1);
        if (line < 1 || line > lines.length || column < 0 || column > lines[line - 1].length()) {
            return "";
        }
        Matcher name = NAME.matcher(lines[line - 1]).region(column, lines[line - 1].length());
        return name.lookingAt() ? name.group() : "";
    }

    /** Judges the constants that would only fail when a request meets them. */
    private static final class Constants extends CelExprVisitor {

        @Override
        protected void visit(CelExpr expr, CelExpr.CelCall call) {
            super.visit(expr, call);
            if (call.args().isEmpty()) {
                return;
            }
            CelExpr last = call.args().getLast();
            if (last.exprKind().getKind() != CelExpr.ExprKind.Kind.CONSTANT
                    || last.constant().getKind() != CelConstant.Kind.STRING_VALUE) {
                return;
            }
            String constant = last.constant().stringValue();
            if (call.function().equals("inCidr")) {
                Cidr.parse(constant);
            } else if (call.function().equals("matches")) {
                checkRegex(constant);
            }
        }

        private static void checkRegex(String regex) {
            try {
                Pattern.compile(regex);
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(
                        regex + " (expected: a regular expression of RE2): " + e.getMessage(), e);
            }
        }
    }
}
