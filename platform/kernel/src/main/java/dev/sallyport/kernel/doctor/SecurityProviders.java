package dev.sallyport.kernel.doctor;

import java.security.Provider;
import java.security.Security;
import java.util.function.Consumer;

/** Security providers of a plugin. */
final class SecurityProviders implements Check {

    @Override
    public void visit(Patient patient, Consumer<Finding> findings) {
        if (!patient.uses().test("java.security.Security")) {
            return;
        }
        for (Provider provider : Security.getProviders()) {
            if (patient.owns(provider)) {
                Security.removeProvider(provider.getName());
                findings.accept(Finding.healed(
                        patient, Kind.SECURITY_PROVIDER, "the security provider " + provider.getName(), "removed"));
            }
        }
    }
}
