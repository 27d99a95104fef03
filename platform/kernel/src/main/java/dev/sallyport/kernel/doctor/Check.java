package dev.sallyport.kernel.doctor;

import java.util.function.Consumer;

/** Looks for one way in which a plugin stays in memory, and takes back what it can. */
@FunctionalInterface
interface Check {

    /**
     * Examines one plugin.
     *
     * @param findings told of each thing that was left, taken back or not
     */
    void visit(Patient patient, Consumer<Finding> findings);
}
