package dev.sallyport.kernel.doctor;

import java.lang.Thread.UncaughtExceptionHandler;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.util.function.Consumer;

/** What there is one of in a process, and a plugin has replaced. */
final class ProcessDefaults implements Check {

    @Override
    public void visit(Patient patient, Consumer<Finding> findings) {
        UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
        if (patient.reachedFrom(handler) != null) {
            Thread.setDefaultUncaughtExceptionHandler(null);
            findings.accept(healed(patient, "a default handler of uncaught exceptions", handler));
        }
        if (patient.uses().test("java.net.Authenticator") && patient.owns(Authenticator.getDefault())) {
            Authenticator authenticator = Authenticator.getDefault();
            Authenticator.setDefault(null);
            findings.accept(healed(patient, "a default Authenticator", authenticator));
        }
        CookieHandler cookies = CookieHandler.getDefault();
        if (patient.reachedFrom(cookies) != null) {
            CookieHandler.setDefault(null);
            findings.accept(healed(patient, "a default CookieHandler", cookies));
        }
    }

    private static Finding healed(Patient patient, String what, Object object) {
        return Finding.healed(
                patient, Kind.PROCESS_DEFAULT, what + ", " + Reach.readable(object.getClass()), "removed");
    }
}
