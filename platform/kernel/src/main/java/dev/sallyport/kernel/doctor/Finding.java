package dev.sallyport.kernel.doctor;

/**
 * One thing that an unloaded plugin left behind.
 *
 * @param plugin {@code rate-limit 1.4.0}
 * @param what what it is, with its name: {@code the thread 'refresh'}
 * @param outcome what was done: {@code interrupted}; where nothing could be, why it stays
 * @param healed whether it keeps the plugin in memory no longer
 */
public record Finding(String plugin, Kind kind, String what, String outcome, boolean healed) {

    static Finding healed(Patient patient, Kind kind, String what, String outcome) {
        return new Finding(patient.name(), kind, what, outcome, true);
    }

    static Finding unhealed(Patient patient, Kind kind, String what, String reason) {
        return new Finding(patient.name(), kind, what, reason, false);
    }

    /** {@code rate-limit 1.4.0 left the thread 'refresh': interrupted; the mend: end it in close()}. */
    @Override
    public String toString() {
        return plugin + " left " + what + ": " + outcome + "; the mend: " + kind.mend();
    }
}
