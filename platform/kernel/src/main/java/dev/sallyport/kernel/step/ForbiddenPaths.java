package dev.sallyport.kernel.step;

import dev.sallyport.api.config.ConfigException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.List;

/** Where secrets are never read from: who may write the configuration may not thereby read the tokens of those who may do more. */
final class ForbiddenPaths {

    private final List<Path> folders;

    /**
     * @param folder that of the configuration
     * @param data the gateway's state
     */
    ForbiddenPaths(Path folder, Path data) {
        folders = List.of(real(folder), real(data));
    }

    /**
     * Looks at the paths among settings.
     *
     * @throws ConfigException where one leads into such a folder, or has one in it
     */
    void refuse(Record config) {
        for (RecordComponent component : config.getClass().getRecordComponents()) {
            try {
                if (component.getAccessor().invoke(config) instanceof Path path && isForbidden(real(path))) {
                    throw new ConfigException(
                            component.getName(),
                            path
                                    + " (expected: a path that neither leads into the folders of the configuration and"
                                    + " of the gateway's state nor has them in it)");
                }
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new ConfigException(component.getName(), "(expected: a setting that can be read)");
            }
        }
    }

    private boolean isForbidden(Path path) {
        return folders.stream().anyMatch(folder -> path.startsWith(folder) || folder.startsWith(path));
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException absent) {
            return path.toAbsolutePath().normalize();
        }
    }
}
