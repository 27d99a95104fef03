package dev.sallyport.kernel.doctor;

import java.lang.management.ManagementFactory;
import java.util.function.Consumer;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** MBeans of a plugin in the platform's MBean server. */
final class ManagementBeans implements Check {

    @Override
    public void visit(Patient patient, Consumer<Finding> findings) {
        if (!patient.uses().test("java.lang.management.ManagementFactory")
                && !patient.uses().test("javax.management.MBeanServer")) {
            return;
        }
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        for (ObjectName name : server.queryNames(null, null)) {
            try {
                if (patient.loader().equals(server.getClassLoaderFor(name))) {
                    server.unregisterMBean(name);
                    findings.accept(Finding.healed(patient, Kind.MBEAN, "the MBean " + name, "unregistered"));
                }
            } catch (InstanceNotFoundException gone) {
                // by somebody else, meanwhile
            } catch (JMException e) {
                findings.accept(Finding.unhealed(
                        patient, Kind.MBEAN, "the MBean " + name, "it cannot be unregistered: " + e.getMessage()));
            }
        }
    }
}
