package dev.sallyport.plugins.basicauth;

import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Identification;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import org.jspecify.annotations.Nullable;

/** Finds the consumer by name and password. */
final class BasicAuthFilter implements Filter {

    private static final Problem MISSING = new Problem(401, "login-missing", "A user name and a password are needed");
    private static final Problem INVALID =
            new Problem(401, "login-invalid", "The user name or the password is not right");
    private static final Problem BUSY = new Problem(503, "login-busy", "Too many passwords are being checked");

    private final BasicAuthConfig config;
    private final Identification identification;
    private final UserDirectory directory;
    private final Passwords passwords;
    private final String challenge;

    BasicAuthFilter(
            BasicAuthConfig config, Identification identification, UserDirectory directory, Passwords passwords) {
        this.config = config;
        this.identification = identification;
        this.directory = directory;
        this.passwords = passwords;
        this.challenge = "Basic realm=\"" + config.realm() + "\", charset=\"UTF-8\"";
    }

    /** How a login is checked. */
    private interface Check {
        Users.@Nullable User find(Users users, Login.Given login) throws Exception;
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        return handle(request, next, passwords::find);
    }

    @Override
    public Explanation explain(Request request) throws Exception {
        return Explanation.ofRun((asked, next) -> handle(asked, next, Passwords::foresee), request);
    }

    private Response handle(Request request, Next next, Check check) throws Exception {
        return switch (Login.of(request)) {
            case Login.None none -> {
                Response passed = identification.proceedWithout(request, next);
                yield passed != null ? passed : refuse(request, MISSING, "missing");
            }
            case Login.Unreadable unreadable -> refuse(request, INVALID, unreadable.why());
            case Login.Given given -> judged(request, given, next, check);
        };
    }

    private Response judged(Request request, Login.Given login, Next next, Check check) throws Exception {
        Users users = directory.users();
        Users.User user;
        try {
            user = users.isEmpty() ? null : check.find(users, login);
        } catch (Passwords.BusyException e) {
            request.exchange().note("refused", "busy");
            return BUSY.toResponse(request).withHeader("retry-after", "1");
        }
        if (user == null) {
            if (users.find(login.user()) != null) {
                // Of those who are there alone: people write passwords where the name belongs.
                request.exchange().note("user", login.user());
            }
            return refuse(request, INVALID, "wrong");
        }
        request.exchange().note("user", user.name());
        return identification.proceed(
                config.forward() ? request : request.withoutHeader("authorization"), user.consumer(), next);
    }

    private Response refuse(Request request, Problem problem, String why) {
        request.exchange().note("refused", why);
        return problem.toResponse(request).withHeader("www-authenticate", challenge);
    }
}
