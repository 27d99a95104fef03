package dev.sallyport.kernel.doctor;

import java.util.List;

/**
 * How an unloaded plugin is still referred to.
 *
 * @param plugin {@code rate-limit 1.4.0}
 * @param root what the path begins with, in words of the JVM: {@code thread object}, {@code Java frame}
 * @param path from the root to the plugin's class loader, each with the field that leads on; empty where none but weak and
 *     soft references lead to it
 * @param mend what the plugin's author must do
 */
public record HeapPath(String plugin, String root, List<String> path, String mend) {

    public HeapPath {
        path = List.copyOf(path);
    }
}
