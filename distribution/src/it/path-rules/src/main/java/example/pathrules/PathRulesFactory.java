package example.pathrules;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import java.util.List;

@Doc("Refuses paths by patterns.")
@Type("example/path-rules")
public final class PathRulesFactory implements FilterFactory<PathRulesFactory.Config> {

    private static final Problem REFUSED = new Problem(403, "urn:example:path-rules", "This path is closed");

    public record Config(
            @Doc("Patterns (RE2) that a path must not have in it.") @Min(1) @Max(100)
            List<String> refuse) {}

    @Override
    public Filter create(Config config, FilterContext context) {
        List<Pattern> patterns =
                config.refuse().stream().map(PathRulesFactory::pattern).toList();
        return (request, next) -> {
            String path = request.target().path();
            boolean closed =
                    patterns.stream().anyMatch(pattern -> pattern.matcher(path).find());
            return closed ? REFUSED.toResponse(request) : next.proceed(request);
        };
    }

    private static Pattern pattern(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new ConfigException("refuse", text + " (expected: a pattern of RE2): " + e.getDescription());
        }
    }
}
