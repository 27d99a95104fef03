package dev.sallyport.kernel.doctor;

import java.util.ResourceBundle;
import java.util.function.Consumer;

/**
 * The resource bundles of a plugin in the JDK's cache, which would let them go only when memory is short. There is nothing
 * to mend in the plugin, so nothing to tell.
 */
final class BundleCache implements Check {

    @Override
    public void visit(Patient patient, Consumer<Finding> findings) {
        if (patient.uses().test("java.util.ResourceBundle")) {
            ResourceBundle.clearCache(patient.loader());
        }
    }
}
