package dev.sallyport.json;

import dev.sallyport.api.Problem;
import java.io.IOException;

/** A body is not what its header says. Its message never holds any of the body. */
public final class BadContentException extends IOException {

    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    /** @param problem what a client is told whose request it is in */
    public BadContentException(Problem problem) {
        super(problem.title() + ": " + problem.detail());
        this.problem = problem;
    }

    /** The body is not JSON; lines and columns count from 1, columns in characters. */
    public static BadContentException json(long line, long column, String reason) {
        return new BadContentException(new Problem(400, "json-invalid", "Invalid JSON")
                .withDetail("line " + line + ", column " + column + ": " + reason)
                .with("line", line)
                .with("column", column));
    }

    /** The body is in a coding that cannot be taken off. */
    public static BadContentException unknownCoding() {
        return new BadContentException(new Problem(415, "coding-unsupported", "Unsupported content coding")
                .withDetail("the body must come as it is, or by gzip or deflate"));
    }

    /** The body is not in the coding that its header names. */
    public static BadContentException coding() {
        return new BadContentException(new Problem(400, "coding-invalid", "Invalid content coding")
                .withDetail("the body is not in the coding that Content-Encoding names"));
    }

    /** The body is a part of what was asked for as a whole. */
    public static BadContentException part() {
        return new BadContentException(new Problem(400, "content-partial", "Partial content")
                .withDetail("a part of a document was sent, though none was asked for"));
    }

    /** The body is more than a step takes. */
    public static BadContentException tooLarge(String reason) {
        return new BadContentException(new Problem(413, "body-too-large", "Body too large").withDetail(reason));
    }

    /** What the client is told where it is in its request. */
    public Problem problem() {
        return problem;
    }

    /** What the client is told where it is in the response to it. */
    public Problem ofResponse() {
        return new Problem(
                502,
                problem.code(),
                problem.title(),
                "the upstream's response: " + problem.detail(),
                problem.members());
    }
}
