package dev.sallyport.kernel.deploy;

import dev.sallyport.kernel.config.ConfigProblem;
import java.util.List;
import java.util.stream.Collectors;

/** The gateway cannot start: the message says why, the problems where. */
public final class StartException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient List<ConfigProblem> problems;

    public StartException(String message) {
        this(message, List.of());
    }

    public StartException(String message, List<ConfigProblem> problems) {
        super(
                problems.isEmpty()
                        ? message
                        : message + "\n"
                                + problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** What is wrong with the configuration; empty where it is something else. */
    public List<ConfigProblem> problems() {
        return problems;
    }
}
