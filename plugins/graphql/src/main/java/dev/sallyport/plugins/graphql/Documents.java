package dev.sallyport.plugins.graphql;

import dev.sallyport.plugins.graphql.RefusedException.Why;
import graphql.language.Document;
import graphql.language.SourceLocation;
import graphql.parser.InvalidSyntaxException;
import graphql.parser.Parser;
import graphql.parser.ParserEnvironment;
import graphql.parser.ParserOptions;
import java.util.Locale;

/** Reads documents, within bounds. Thread-safe. */
final class Documents {

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

    Document parse(String query) throws RefusedException {
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
        } catch (StackOverflowError tooDeep) {
            throw new RefusedException(Why.SYNTAX, "the query is nested too deep");
        }
    }
}
