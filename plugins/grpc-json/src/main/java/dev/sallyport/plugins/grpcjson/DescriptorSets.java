package dev.sallyport.plugins.grpcjson;

import com.google.api.AnnotationsProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes descriptors of what protobuf's compiler, or a server, says of files. */
final class DescriptorSets {

    /** The largest description that is read, compiled. */
    static final int LIMIT = 64 * 1024 * 1024;

    /** How far files may import files that import files. */
    private static final int MOST_AROUND = 500;

    private static final ExtensionRegistry EXTENSIONS = extensions();

    private DescriptorSets() {}

    private static ExtensionRegistry extensions() {
        ExtensionRegistry registry = ExtensionRegistry.newInstance();
        AnnotationsProto.registerAllExtensions(registry);
        return registry;
    }

    /** Reads a descriptor set, as protoc writes it. */
    static List<FileDescriptor> read(Path file) throws DescriptionException {
        try {
            if (Files.size(file) > LIMIT) {
                throw new DescriptionException(file + ": more than " + LIMIT + " bytes");
            }
            return link(FileDescriptorSet.parseFrom(Files.readAllBytes(file), EXTENSIONS)
                    .getFileList());
        } catch (InvalidProtocolBufferException e) {
            throw new DescriptionException(file
                    + ": is not a descriptor set; make it by protoc --include_imports --descriptor_set_out=FILE …");
        } catch (IOException e) {
            throw new DescriptionException(file + ": cannot be read: " + e);
        }
    }

    /** Reads the description of one file. */
    static FileDescriptorProto parse(byte[] bytes) throws InvalidProtocolBufferException {
        return FileDescriptorProto.parseFrom(bytes, EXTENSIONS);
    }

    /** Links files with those that they import. */
    static List<FileDescriptor> link(Collection<FileDescriptorProto> files) throws DescriptionException {
        Map<String, FileDescriptorProto> byName = new LinkedHashMap<>();
        for (FileDescriptorProto file : files) {
            byName.putIfAbsent(file.getName(), file);
        }
        Map<String, FileDescriptor> linked = new HashMap<>();
        List<FileDescriptor> all = new ArrayList<>();
        for (String name : byName.keySet()) {
            all.add(link(name, byName, linked, new LinkedHashSet<>()));
        }
        return all;
    }

    private static FileDescriptor link(
            String name,
            Map<String, FileDescriptorProto> byName,
            Map<String, FileDescriptor> linked,
            Set<String> around)
            throws DescriptionException {
        FileDescriptor done = linked.get(name);
        if (done != null) {
            return done;
        }
        FileDescriptorProto file = byName.get(name);
        FileDescriptor made = file == null ? KnownFiles.BY_NAME.get(name) : build(file, byName, linked, around);
        if (made == null) {
            throw new DescriptionException(
                    name + ": is imported, and not there; protoc takes it along with --include_imports");
        }
        linked.put(name, made);
        return made;
    }

    private static FileDescriptor build(
            FileDescriptorProto file,
            Map<String, FileDescriptorProto> byName,
            Map<String, FileDescriptor> linked,
            Set<String> around)
            throws DescriptionException {
        if (!around.add(file.getName()) || around.size() > MOST_AROUND) {
            throw new DescriptionException(file.getName() + ": imports itself, by " + String.join(", ", around));
        }
        List<FileDescriptor> imported = new ArrayList<>();
        for (String other : file.getDependencyList()) {
            imported.add(link(other, byName, linked, around));
        }
        around.remove(file.getName());
        try {
            return FileDescriptor.buildFrom(file, imported.toArray(FileDescriptor[]::new));
        } catch (DescriptorValidationException e) {
            throw new DescriptionException(file.getName() + ": " + e.getMessage());
        }
    }
}
