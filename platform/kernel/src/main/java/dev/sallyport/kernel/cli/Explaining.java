package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.explain.Question;
import tools.jackson.databind.JsonNode;

/** Who explains a request: the gateway that runs, or a configuration. */
@FunctionalInterface
interface Explaining {

    /**
     * The explanation, as the admin API gives it.
     *
     * @throws CommandException where the question is none
     */
    JsonNode explain(Question question) throws CommandException, UnreachableException;
}
