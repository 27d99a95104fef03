package dev.sallyport.plugins.grpcjson;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.squareup.wire.schema.CoreLoader;
import com.squareup.wire.schema.ErrorCollector;
import com.squareup.wire.schema.Linker;
import com.squareup.wire.schema.Loader;
import com.squareup.wire.schema.Location;
import com.squareup.wire.schema.ProtoFile;
import com.squareup.wire.schema.Schema;
import com.squareup.wire.schema.SchemaException;
import com.squareup.wire.schema.internal.SchemaEncoder;
import com.squareup.wire.schema.internal.parser.ProtoParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles {@code .proto} files, by wire's parser and linker. For one compilation and one thread. */
final class ProtoFiles implements Loader {

    private static final int MOST_FILES = 5_000;

    /** Of wire's own options; nothing of a description depends on it. */
    private static final String OF_WIRE = "wire/extensions.proto";

    private final List<Path> roots;
    private final Map<String, ProtoFile> loaded = new HashMap<>();
    private final Set<Path> read = new LinkedHashSet<>();
    private long bytes;

    private ProtoFiles(List<Path> roots) {
        this.roots = roots;
    }

    /** What was compiled, and of which files. */
    record Compiled(List<FileDescriptor> files, Set<Path> read) {}

    /** Compiles those files and what they import. */
    static Compiled compile(Description.Protos protos) throws DescriptionException {
        ProtoFiles files = new ProtoFiles(protos.roots());
        try {
            return new Compiled(DescriptorSets.link(files.compiled(protos.files())), files.read);
        } catch (SchemaException | IllegalStateException | IllegalArgumentException e) {
            throw new DescriptionException(String.valueOf(e.getMessage()));
        } catch (UncheckedIOException e) {
            throw new DescriptionException("cannot be read: " + e.getMessage());
        } catch (InvalidProtocolBufferException e) {
            throw new DescriptionException("the compiled files cannot be read: " + e.getMessage());
        }
    }

    private List<FileDescriptorProto> compiled(List<String> names)
            throws DescriptionException, InvalidProtocolBufferException {
        List<ProtoFile> sources = new ArrayList<>();
        for (String name : names) {
            ProtoFile file = find(name);
            if (file == null) {
                throw new DescriptionException(name + ": is in none of the roots " + roots);
            }
            sources.add(file);
        }
        ErrorCollector errors = new ErrorCollector();
        Schema schema = new Linker(this, errors, true, true).link(sources);
        errors.throwIfNonEmpty();
        SchemaEncoder encoder = new SchemaEncoder(schema);
        List<FileDescriptorProto> compiled = new ArrayList<>();
        for (ProtoFile file : schema.getProtoFiles()) {
            String path = file.getLocation().getPath();
            // A file that is known is the one whose extensions are looked for.
            if (!path.equals(OF_WIRE) && !KnownFiles.BY_NAME.containsKey(path)) {
                compiled.add(
                        withoutWire(DescriptorSets.parse(encoder.encode(file).toByteArray())));
            }
        }
        return compiled;
    }

    private static FileDescriptorProto withoutWire(FileDescriptorProto file) {
        int index = file.getDependencyList().indexOf(OF_WIRE);
        if (index < 0) {
            return file;
        }
        List<String> imported = new ArrayList<>(file.getDependencyList());
        imported.remove(index);
        return file.toBuilder().clearDependency().addAllDependency(imported).build();
    }

    @Override
    public ProtoFile load(String path) {
        ProtoFile file = find(path);
        return file != null ? file : CoreLoader.INSTANCE.load(path);
    }

    @Override
    public Loader withErrors(ErrorCollector errors) {
        return this;
    }

    private @Nullable ProtoFile find(String path) {
        ProtoFile known = loaded.get(path);
        if (known != null) {
            return known;
        }
        for (Path root : roots) {
            Path file = root.resolve(path).normalize();
            if (file.startsWith(root.normalize()) && Files.isRegularFile(file)) {
                read.add(file);
                return parsed(path, file);
            }
        }
        return ofThisJar(path);
    }

    /** Google's common files, which descriptions import from anywhere. */
    private @Nullable ProtoFile ofThisJar(String path) {
        if (!path.startsWith("google/") || path.startsWith("google/protobuf/")) {
            return null;
        }
        try (InputStream in = ProtoFiles.class.getClassLoader().getResourceAsStream(path)) {
            return in == null ? null : parsed(path, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ProtoFile parsed(String path, Path file) {
        try {
            if (loaded.size() >= MOST_FILES || bytes + Files.size(file) > DescriptorSets.LIMIT) {
                throw new IllegalStateException(path + ": more than " + MOST_FILES + " files or " + DescriptorSets.LIMIT
                        + " bytes are imported");
            }
            return parsed(path, Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(new IOException(file.toString(), e));
        }
    }

    private ProtoFile parsed(String path, byte[] content) {
        bytes += content.length;
        ProtoFile file = ProtoFile.Companion.get(
                ProtoParser.Companion.parse(Location.get(path), new String(content, StandardCharsets.UTF_8)));
        loaded.put(path, file);
        return file;
    }
}
