package sample;

import dev.sallyport.api.CredentialType;
import dev.sallyport.api.Discovery;
import dev.sallyport.api.DiscoveryFactory;
import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Response;
import dev.sallyport.api.ServiceContext;
import dev.sallyport.api.Store;
import dev.sallyport.api.StoreFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Expression;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Rate;
import dev.sallyport.api.config.Renamed;
import dev.sallyport.api.config.Secret;
import dev.sallyport.api.config.Shorthand;
import dev.sallyport.api.config.Size;
import dev.sallyport.api.config.StoreName;
import dev.sallyport.api.config.TellsApart;
import dev.sallyport.api.config.Written;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A plugin with the types that the tests' configurations use; compiled and loaded as a stranger's is. */
public final class Sample {

    public record Block(String text) {
        public static Block parse(String text) {
            if (!text.matches("[0-9a-fA-F.:]+(/\\d+)?")) {
                throw new IllegalArgumentException(text + " (expected: an address block such as 10.0.0.0/8)");
            }
            return new Block(text);
        }
    }

    public record Edit(
            Map<String, String> set, Map<String, String> add, List<String> remove, Map<String, String> rename) {}

    public sealed interface In {
        record Header(String name) implements In {}

        record Query(String name) implements In {}

        record Cookie(@Default("sid") String name, boolean secure) implements In {}

        record Nowhere() implements In {}
    }

    public enum Isolation {
        REQUEST,
        CONTEXT,
        NONE
    }

    public enum Unit {
        @Written("perRoute")
        PER_ROUTE,
        PER_TARGET,
        H2C
    }

    public record Part(
            @Shorthand URI url,
            @Default("1") @Min(1) @Max(9) int weight) {}

    public record RateLimit(
            Rate limit,
            @TellsApart @Nullable Expression by,
            @Min(1) @Nullable Integer burst,
            @Default("memory") @StoreName String store) {}

    public record IpList(List<Block> allow, List<Block> deny) {
        public IpList {
            if (allow.isEmpty() && deny.isEmpty()) {
                throw new ConfigException("", "nothing (expected: allow or deny); add one");
            }
        }
    }

    public record Headers(
            @Default("{}") Edit request, @Default("{}") Edit response) {}

    public record Respond(
            @Default("200") @Min(200) @Max(599) int status,
            Map<String, String> headers,
            @Default("") String body) {}

    public record KeyAuth(@Default("{header: x-api-key}") In in) {}

    public record Key(
            String hash, @Nullable String id, @Nullable LocalDate expires) {}

    public record Jwt(
            URI issuer,
            List<String> audience,
            @Default("30s") @Max(300000) Duration skew) {}

    public record Javascript(
            String script,
            Map<String, Object> config,
            @Default("request") Isolation isolation) {}

    public record Breaker(
            @Default("50") @Min(1) @Max(100) int failureRate,
            @Default("10s") @Min(1) Duration window) {}

    public record Log(@Default("stdout") String to) {}

    public record None() {}

    /** One of each type that a component may have. */
    public record All(
            String text,
            boolean bool,
            @Nullable Boolean maybe,
            int whole,
            @Min(-5) @Max(5) long big,
            double number,
            @Min(1000) Duration time,
            @Max(2048) Size size,
            Rate rate,
            Secret secret,
            Expression expression,
            URI uri,
            Path path,
            LocalDate date,
            Unit unit,
            Block block,
            Edit record,
            @Min(1) List<Integer> list,
            Set<Unit> set,
            Map<String, Duration> map,
            Map<String, Object> free,
            In choice,
            @Shorthand List<Part> parts,

            @Renamed(from = "before", since = "0.2") @Nullable
            String after,

            @Renamed(from = "must", since = "0.2") int needed) {
        public All {
            if (text.equals("bad")) {
                throw new ConfigException("record.set", "nothing (expected: more); add it");
            }
            if (text.equals("worse")) {
                throw new IllegalStateException("no " + secret.value());
            }
        }
    }

    public record Defaults(
            @Default("x y: [z]") String text,
            @Default("true") boolean bool,
            @Default("-3") int whole,
            @Default("1.5") double number,
            @Default("5m") Duration time,
            @Default("1MiB") Size size,
            @Default("perRoute") Unit unit,
            @Default("{}") Edit record,
            @Default("[1, 2]") List<Integer> list,
            @Default("{a: 1s, 'b c': 2s}") Map<String, Duration> map,
            @Default("nowhere") In choice,
            @Default("{cookie: {secure: true}}") In other,
            @Default("") String empty,
            @Nullable String none,
            List<String> nothing,
            Map<String, String> nobody,
            boolean off) {}

    private abstract static class Base<C extends Record> implements FilterFactory<C> {
        @Override
        public Filter create(C config, FilterContext context) {
            return (request, next) -> next.proceed(request);
        }
    }

    @Type(value = "rate-limit", limits = true)
    public static final class RateLimitFactory extends Base<RateLimit> {
        public RateLimitFactory() {}
    }

    @Type("ip-list")
    public static final class IpListFactory extends Base<IpList> {
        public IpListFactory() {}
    }

    @Type("headers")
    public static final class HeadersFactory extends Base<Headers> {
        public HeadersFactory() {}
    }

    @Type("respond")
    public static final class RespondFactory extends Base<Respond> {
        public RespondFactory() {}
    }

    @Type(value = "key-auth", decidesAccess = true, provides = "consumer")
    public static final class KeyAuthFactory extends Base<KeyAuth> {
        public KeyAuthFactory() {}
    }

    @Type(value = "key-auth", decidesAccess = true)
    public static final class KeyCredential implements CredentialType<Key> {
        public KeyCredential() {}
    }

    @Type(
            value = "jwt-auth",
            decidesAccess = true,
            provides = {"consumer", "jwt-claims"})
    public static final class JwtFactory extends Base<Jwt> {
        public JwtFactory() {}
    }

    @Type("javascript")
    public static final class JavascriptFactory extends Base<Javascript> {
        public JavascriptFactory() {}
    }

    @Type("circuit-breaker")
    public static final class BreakerFactory extends Base<Breaker> {
        public BreakerFactory() {}
    }

    @Type("access-log")
    public static final class LogFactory extends Base<Log> {
        public LogFactory() {}
    }

    @Type("cors")
    public static final class CorsFactory extends Base<None> {
        public CorsFactory() {}
    }

    public record Cache(
            Duration ttl,
            @TellsApart @Shorthand List<Expression> key) {}

    @Type(value = "acme/cache", caches = true)
    public static final class CacheFactory extends Base<Cache> {
        public CacheFactory() {}
    }

    @Type(value = "acme/tenant", reads = "jwt-claims")
    public static final class TenantFactory extends Base<None> {
        public TenantFactory() {}
    }

    public record Stamp(
            @Renamed(from = "name", since = "1.1") @Default("x-stamp") String header) {}

    /** Answers, so that a gateway with it has something to serve. */
    @Type("acme/stamp")
    public static final class StampFactory extends Base<Stamp> {
        public StampFactory() {}

        @Override
        public Filter create(Stamp config, FilterContext context) {
            return (request, next) -> Response.of(200).withHeader(config.header(), context.route());
        }
    }

    @Type("acme/all")
    public static final class AllFactory extends Base<All> {
        public AllFactory() {}
    }

    @Type("acme/defaults")
    public static final class DefaultsFactory extends Base<Defaults> {
        public DefaultsFactory() {}
    }

    public record Shelf(URI url) {}

    @Type("shelf")
    public static final class ShelfFactory implements StoreFactory<Shelf> {
        public ShelfFactory() {}

        @Override
        public Store create(Shelf config, ServiceContext context) {
            throw new UnsupportedOperationException();
        }
    }

    public record Registry(URI url, @Nullable Secret token) {}

    @Type("registry")
    public static final class RegistryFactory implements DiscoveryFactory<Registry> {
        public RegistryFactory() {}

        @Override
        public Discovery create(Registry config, ServiceContext context) {
            return (query, listener) -> listener.endpoints(List.of());
        }
    }
}
