package dev.sallyport.plugins.grpcjson;

import com.google.api.AnnotationsProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.TypeRegistry;
import dev.sallyport.plugins.grpcjson.GrpcJsonConfig.Mapping;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is known of services: their methods by path, and how their messages are written. Immutable. */
final class Api {

    private final Paths paths;
    private final JsonMessages json;
    private final List<String> services;
    private final int methods;

    private Api(Paths paths, JsonMessages json, List<String> services, int methods) {
        this.paths = paths;
        this.json = json;
        this.services = services;
        this.methods = methods;
    }

    /**
     * Makes one.
     *
     * @param names the services that are meant; none for all
     * @param bad takes what is wrong with the rule of a method, which is left out then
     * @throws DescriptionException where a service that is asked for is not there
     */
    static Api of(
            Collection<FileDescriptor> files,
            Collection<String> names,
            GrpcJsonConfig config,
            Consumer<DescriptionException> bad)
            throws DescriptionException {
        Set<FileDescriptor> all = new LinkedHashSet<>();
        files.forEach(file -> addAll(file, all));
        List<ServiceDescriptor> services = chosen(all, names);
        Paths paths = new Paths();
        int methods = 0;
        for (ServiceDescriptor service : services) {
            for (MethodDescriptor method : service.getMethods()) {
                methods++;
                if (config.mappings().contains(Mapping.METHODS)) {
                    paths.add(Binding.generic(method));
                }
                if (config.mappings().contains(Mapping.ANNOTATIONS)
                        && method.getOptions().hasExtension(AnnotationsProto.http)) {
                    try {
                        Binding.of(method, method.getOptions().getExtension(AnnotationsProto.http))
                                .forEach(paths::add);
                    } catch (DescriptionException e) {
                        bad.accept(e);
                    }
                }
            }
        }
        return new Api(
                paths,
                new JsonMessages(types(all), config),
                services.stream().map(ServiceDescriptor::getFullName).toList(),
                methods);
    }

    private static void addAll(FileDescriptor file, Set<FileDescriptor> all) {
        if (all.add(file)) {
            file.getDependencies().forEach(other -> addAll(other, all));
        }
    }

    private static List<ServiceDescriptor> chosen(Set<FileDescriptor> files, Collection<String> names)
            throws DescriptionException {
        List<ServiceDescriptor> there = new ArrayList<>();
        files.forEach(file -> there.addAll(file.getServices()));
        if (names.isEmpty()) {
            return there;
        }
        List<ServiceDescriptor> chosen = new ArrayList<>();
        for (String name : names) {
            chosen.add(there.stream()
                    .filter(service -> service.getFullName().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new DescriptionException(name + ": is not described (expected: one of "
                            + new TreeSet<>(there.stream()
                                    .map(ServiceDescriptor::getFullName)
                                    .toList())
                            + ")")));
        }
        return chosen;
    }

    private static TypeRegistry types(Set<FileDescriptor> files) {
        TypeRegistry.Builder types = TypeRegistry.newBuilder();
        Set<String> known = new LinkedHashSet<>();
        for (FileDescriptor file : files) {
            types.add(file.getMessageTypes());
            file.getMessageTypes().forEach(type -> known.add(type.getFullName()));
        }
        for (Descriptor type : KnownFiles.details()) {
            if (known.add(type.getFullName())) {
                types.add(type);
            }
        }
        return types.build();
    }

    /** The way to a path; null where it is not known. */
    Paths.@Nullable Found find(String path, String method) {
        return paths.find(path, method);
    }

    /** Writes and reads messages. */
    JsonMessages json() {
        return json;
    }

    /** The names of the services. */
    List<String> services() {
        return services;
    }

    /** How many methods they have. */
    int methods() {
        return methods;
    }
}
