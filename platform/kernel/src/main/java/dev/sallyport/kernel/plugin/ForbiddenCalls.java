package dev.sallyport.kernel.plugin;

import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds calls in a class file that would harm the whole process: ending it, or loading native code (which also ties the
 * class loader to it). It looks at the constant pool, so method references are found too; reflection is not, since this
 * guards against accidents and not against an enemy.
 */
final class ForbiddenCalls {

    private static final int MAGIC = 0xCAFEBABE;

    private static final Map<String, String> PERMISSIONS = Map.of(
            "java/lang/System.exit", "exit",
            "java/lang/Runtime.exit", "exit",
            "java/lang/Runtime.halt", "exit",
            "java/lang/System.load", "native-code",
            "java/lang/System.loadLibrary", "native-code",
            "java/lang/Runtime.load", "native-code",
            "java/lang/Runtime.loadLibrary", "native-code");

    private final Set<String> permitted;

    /** @param permitted the permissions that the manifest lists: {@code exit}, {@code native-code} */
    ForbiddenCalls(Set<String> permitted) {
        this.permitted = permitted;
    }

    /**
     * Looks at one class file.
     *
     * @param entry its name in the jar
     * @throws RefusedException where it makes such a call, or cannot be read although this JVM would try to load it
     */
    void check(String entry, byte[] bytes) throws RefusedException {
        if (!isLoadable(bytes)) {
            return;
        }
        String call = find(entry, bytes);
        if (call != null) {
            String permission = PERMISSIONS.getOrDefault(call, "");
            String harm = permission.equals("exit") ? "ends the whole gateway" : "loads native code into the gateway";
            throw new RefusedException(
                    "calls %s in %s, which %s; remove the call, or permit it in the manifest: Plugin-Permissions: %s"
                            .formatted(call.substring("java/lang/".length()), className(entry), harm, permission));
        }
    }

    private @Nullable String find(String entry, byte[] bytes) throws RefusedException {
        try {
            for (PoolEntry constant : ClassFile.of().parse(bytes).constantPool()) {
                if (constant instanceof MemberRefEntry member) {
                    String call = member.owner().asInternalName() + "."
                            + member.name().stringValue();
                    String permission = PERMISSIONS.get(call);
                    if (permission != null && !permitted.contains(permission)) {
                        return call;
                    }
                }
            }
            return null;
        } catch (IllegalArgumentException e) {
            throw new RefusedException(
                    "holds a damaged class file, " + entry + " (" + e.getMessage() + "); build the jar again");
        }
    }

    /** Some jars hold templates named .class, or classes for a later Java: this JVM loads neither. */
    private static boolean isLoadable(byte[] bytes) {
        if (bytes.length < 8) {
            return false;
        }
        ByteBuffer head = ByteBuffer.wrap(bytes);
        return head.getInt(0) == MAGIC && Short.toUnsignedInt(head.getShort(6)) <= ClassFile.latestMajorVersion();
    }

    private static String className(String entry) {
        return entry.substring(0, entry.length() - ".class".length()).replace('/', '.');
    }
}
