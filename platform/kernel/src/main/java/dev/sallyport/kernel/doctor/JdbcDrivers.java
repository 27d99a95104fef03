package dev.sallyport.kernel.doctor;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** Drivers of a plugin that are registered with {@code DriverManager}. */
final class JdbcDrivers implements Check {

    @Override
    public void visit(Patient patient, Consumer<Finding> findings) {
        if (!patient.uses().test("java.sql.DriverManager")) {
            return;
        }
        try {
            for (String driver : deregistered(patient)) {
                findings.accept(Finding.healed(patient, Kind.JDBC_DRIVER, "the JDBC driver " + driver, "deregistered"));
            }
        } catch (Exception e) {
            findings.accept(Finding.unhealed(
                    patient, Kind.JDBC_DRIVER, "JDBC drivers", "they cannot be deregistered: " + e.getMessage()));
        }
    }

    private static List<String> deregistered(Patient patient) throws Exception {
        Class<?> helper = patient.define().apply(DriversOfLoader.class);
        @SuppressWarnings("unchecked") // it is DriversOfLoader
        Callable<List<String>> call =
                (Callable<List<String>>) helper.getConstructor().newInstance();
        return call.call();
    }
}
