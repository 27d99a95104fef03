package dev.sallyport.kernel.doctor;

import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Deregisters all drivers of its own class loader, and names them. {@link DriverManager} shows and gives a driver only to
 * code of the same loader: so this class is defined once more in the plugin's, and refers to nothing but the JDK.
 */
public final class DriversOfLoader implements Callable<List<String>> {

    @Override
    public List<String> call() throws SQLException {
        List<String> names = new ArrayList<>();
        for (Driver driver : Collections.list(DriverManager.getDrivers())) {
            if (getClass().getClassLoader().equals(driver.getClass().getClassLoader())) {
                DriverManager.deregisterDriver(driver);
                names.add(driver.getClass().getName());
            }
        }
        return names;
    }
}
