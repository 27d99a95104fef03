package dev.sallyport.kernel.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whoever can write where code is loaded from can do all that the gateway can: so such folders and files may be written by
 * their owner alone, unless the configuration accepts it. Where the file system has no such rights, nothing is refused.
 */
public final class OwnerOnly {

    private OwnerOnly() {}

    /** A folder, made with those rights where it is not there. */
    public static Path createFolder(Path folder) throws IOException {
        Path parent = folder.getParent();
        if (parent != null && !Files.exists(folder)) {
            Files.createDirectories(parent);
            try {
                return Files.createDirectories(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            } catch (UnsupportedOperationException notPosix) {
                return Files.createDirectories(folder);
            }
        }
        return Files.createDirectories(folder);
    }

    /** Takes the right to write from all but the owner. */
    public static void restrict(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view != null) {
            Set<PosixFilePermission> rights = view.readAttributes().permissions();
            if (rights.removeAll(Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE))) {
                view.setPermissions(rights);
            }
        }
    }

    /**
     * Why a folder or file cannot be trusted; null where it can.
     *
     * @return goes on where its name stood
     */
    public static @Nullable String refusal(Path path) {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (view == null) {
            return null;
        }
        try {
            return refusal(path, view.readAttributes().permissions());
        } catch (IOException gone) {
            return null; // whoever reads it next says so
        }
    }

    /** The same, where its rights are known. */
    static @Nullable String refusal(Path path, Set<PosixFilePermission> rights) {
        boolean others = rights.contains(PosixFilePermission.OTHERS_WRITE);
        if (!others && !rights.contains(PosixFilePermission.GROUP_WRITE)) {
            return null;
        }
        return "can be written by " + (others ? "others" : "its group")
                + ", who could run code here (expected: by its owner alone); chmod go-w " + path
                + ", or accept it by folders: {writable: accepted}";
    }
}
