package dev.sallyport.kernel.admin;

import dev.sallyport.api.Problem;

/** A call of the admin API that is answered with a problem. */
final class RefusedCallException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    RefusedCallException(int status, String code, String title, String detail) {
        this(new Problem(status, code, title).withDetail(detail));
    }

    RefusedCallException(Problem problem) {
        super(problem.title());
        this.problem = problem;
    }

    static RefusedCallException badRequest(String detail) {
        return new RefusedCallException(400, "bad-request", "Bad request", detail);
    }

    static RefusedCallException notFound(String detail) {
        return new RefusedCallException(404, "not-found", "Not found", detail);
    }

    static RefusedCallException overloaded(String detail) {
        return new RefusedCallException(503, "overloaded", "Overloaded", detail);
    }

    Problem problem() {
        return problem;
    }
}
