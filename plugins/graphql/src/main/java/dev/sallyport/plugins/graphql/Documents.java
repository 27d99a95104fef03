package dev.sallyport.plugins.graphql;

import dev.sallyport.plugins.graphql.RefusedException.Why;
import graphql.GraphQLException;
import graphql.language.Document;
import graphql.language.SourceLocation;
import graphql.parser.InvalidSyntaxException;
import graphql.parser.Parser;
import graphql.parser.ParserEnvironment;
import graphql.parser.ParserOptions;
import java.util.Locale;

/** Reads documents, within bounds. Thread-safe. */
final class Documents {

    private static final int MOST_DIGITS = 400;
    private static final int MOST_LINES = 10_000;

    private final ParserOptions options;

    Documents(GraphqlConfig config) {
        options = ParserOptions.newParserOptions()
                .maxTokens(config.maxTokens())
                .maxWhitespaceTokens(Math.toIntExact(config.maxBody().bytes()))
                .maxCharacters(Math.toIntExact(config.maxBody().bytes()))
                .maxRuleDepth(500)
                .captureIgnoredChars(false)
                .captureLineComments(false)
                .readerTrackData(false)
                .redactTokenParserErrorMessages(true)
                .build();
    }

    /** Numbers and blocks of text that are long cost the parser the square of their length. */
    private static void checkLengths(String query) throws RefusedException {
        int digits = 0;
        int lines = 0;
        for (int i = 0; i < query.length(); i++) {
            char c = query.charAt(i);
            digits = c >= '0' && c <= '9' ? digits + 1 : 0;
            lines += c == '\n' || c == '\r' ? 1 : 0;
            if (digits > MOST_DIGITS || lines > MOST_LINES) {
                throw new RefusedException(
                        Why.SYNTAX,
                        digits > MOST_DIGITS
                                ? "the query has a number of more than " + MOST_DIGITS + " digits"
                                : "the query has more than " + MOST_LINES + " lines");
            }
        }
    }

    Document parse(String query) throws RefusedException {
        checkLengths(query);
        try {
            return new Parser()
                    .parseDocument(ParserEnvironment.newParserEnvironment()
                            .document(query)
                            .parserOptions(options)
                            .locale(Locale.ROOT)
                            .build());
        } catch (InvalidSyntaxException e) {
            SourceLocation at = e.getLocation();
            throw new RefusedException(
                    Why.SYNTAX,
                    e.getClass() == InvalidSyntaxException.class
                            ? "the query is not GraphQL"
                            : "the query has too many tokens, or is nested too deep",
                    at == null ? 0 : Math.max(0, at.getLine()),
                    at == null ? 0 : Math.max(0, at.getColumn()),
                    null);
        } catch (GraphQLException e) { // the parser's own mistakes
            throw new RefusedException(Why.SYNTAX, "the query is not GraphQL");
        } catch (StackOverflowError tooDeep) {
            throw new RefusedException(Why.SYNTAX, "the query is nested too deep");
        }
    }
}
