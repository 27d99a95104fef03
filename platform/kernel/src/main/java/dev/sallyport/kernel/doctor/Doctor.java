package dev.sallyport.kernel.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Examines plugins that are unloaded: takes back what they left where that is safe, and names each thing in the log.
 * Thread-safe; one examination after the other.
 */
public final class Doctor {

    private static final System.Logger LOG = System.getLogger("doctor");

    /** Some checks run code of the plugin, such as that of an MBean that is told to go. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private static final List<Check> AT_UNLOAD = List.of(
            new StrayThreads(),
            new ForgottenThreadLocals(),
            new ShutdownHooks(),
            new ProcessDefaults(),
            new JdbcDrivers(),
            new LogHandlers(),
            new SecurityProviders(),
            new ManagementBeans(),
            new SystemProperties(),
            new BeanCaches(),
            new BundleCache());

    private static final List<Check> OF_SURVIVORS = List.of(new Cleaners(), new ClassValues());

    /** After its last step was closed, and before its loader is. */
    public List<Finding> unloading(Patient patient) {
        return told(examine(patient, AT_UNLOAD));
    }

    /**
     * Once it should have been collected, and was not.
     *
     * @param known what was found at unload
     * @return what is new
     */
    public List<Finding> survived(Patient patient, List<Finding> known) {
        List<Finding> findings = new ArrayList<>(examine(patient, AT_UNLOAD));
        findings.addAll(examine(patient, OF_SURVIVORS));
        findings.removeAll(known);
        if (findings.isEmpty() && known.stream().allMatch(Finding::healed)) {
            findings.add(Finding.unhealed(patient, Kind.UNKNOWN, "something", "what refers to it is not known"));
        }
        return told(findings);
    }

    private static List<Finding> told(List<Finding> findings) {
        findings.forEach(finding -> LOG.log(System.Logger.Level.WARNING, finding::toString));
        return List.copyOf(findings);
    }

    /** On a thread of its own, so that nothing of the plugin can hold up whoever unloads it. */
    private static List<Finding> examine(Patient patient, List<Check> checks) {
        List<Finding> findings = new CopyOnWriteArrayList<>();
        Thread examiner = Thread.ofPlatform()
                .daemon()
                .name("doctor")
                .inheritInheritableThreadLocals(false)
                .unstarted(() -> checks.forEach(check -> run(check, patient, findings)));
        examiner.setContextClassLoader(Doctor.class.getClassLoader());
        examiner.start();
        try {
            if (!examiner.join(LIMIT)) {
                examiner.interrupt();
                LOG.log(System.Logger.Level.WARNING, "examining {0} takes too long; it goes on later", patient.name());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return List.copyOf(findings);
    }

    private static void run(Check check, Patient patient, List<Finding> findings) {
        try {
            check.visit(patient, findings::add);
        } catch (RuntimeException | Error e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "looking for {0} of {1}: {2}",
                    check.getClass().getSimpleName(),
                    patient.name(),
                    e.toString());
        }
    }
}
