package dev.sallyport.plugins.grpcjson;

import com.google.protobuf.Descriptors.FileDescriptor;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Services that files describe. They are read again when they have changed and then stood still; where that fails, what was
 * read before goes on to count, and the log says why.
 */
final class ApiFiles implements ApiSource {

    private static final long LOOK_MILLIS = 500;

    private final GrpcJsonConfig config;
    private final FilterContext context;
    private volatile Read read;
    private volatile String failure = "";
    private Map<Path, Look> told;
    private Map<Path, Look> last;

    private record Read(Api api, Set<Path> files) {}

    private record Look(long modified, long size) {}

    private ApiFiles(GrpcJsonConfig config, FilterContext context) throws DescriptionException {
        this.config = config;
        this.context = context;
        this.read = read(config);
        this.told = look(read.files());
        this.last = told;
    }

    /**
     * Reads them, and watches them till the step is closed.
     *
     * @throws DescriptionException where they cannot be read
     */
    static ApiFiles of(GrpcJsonConfig config, FilterContext context) throws DescriptionException {
        ApiFiles files = new ApiFiles(config, context);
        var _ = context.scheduler()
                .scheduleWithFixedDelay(files::lookAgain, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        return files;
    }

    private static Read read(GrpcJsonConfig config) throws DescriptionException {
        List<FileDescriptor> described;
        Set<Path> files;
        switch (config.from()) {
            case Description.Descriptors set -> {
                described = DescriptorSets.read(set.file());
                files = Set.of(set.file());
            }
            case Description.Protos protos -> {
                ProtoFiles.Compiled compiled = ProtoFiles.compile(protos);
                described = compiled.files();
                files = compiled.read();
            }
            case Description.Reflection _ -> throw new IllegalStateException("reflection is no file");
        }
        DescriptionException[] bad = new DescriptionException[1];
        Api api = Api.of(described, config.services(), config, one -> bad[0] = bad[0] == null ? one : bad[0]);
        if (bad[0] != null) {
            throw bad[0];
        }
        return new Read(api, files);
    }

    @Override
    public Api get(Request request, Next next) {
        return read.api();
    }

    @Override
    public Api known() {
        return read.api();
    }

    @Override
    public Map<String, ?> state() {
        Api api = read.api();
        return failure.isEmpty()
                ? Map.of("services", api.services(), "methods", api.methods())
                : Map.of("services", api.services(), "methods", api.methods(), "failure", failure);
    }

    private synchronized void lookAgain() {
        Map<Path, Look> now = look(read.files());
        boolean still = now.equals(last);
        last = now;
        boolean same = failure.isEmpty() && now.equals(told);
        if (!still || same) { // after a failure again and again: what is lacking may be a file that was never read
            return;
        }
        told = now;
        try {
            read = context.cpu(() -> read(config));
            told = look(read.files());
            last = told;
            failure = "";
            context.logger().log(Level.INFO, "{0}: read again, since a file has changed", context.key());
        } catch (Exception | StackOverflowError | LinkageError e) {
            String before = failure;
            failure = e.getMessage() == null ? e.toString() : e.getMessage();
            if (!failure.equals(before)) {
                context.logger()
                        .log(Level.WARNING, "{0}: what was read before goes on to count: {1}", context.key(), failure);
            }
        }
    }

    private static Map<Path, Look> look(Set<Path> files) {
        Map<Path, Look> looks = new HashMap<>();
        for (Path file : files) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                looks.put(file, new Look(attributes.lastModifiedTime().toMillis(), attributes.size()));
            } catch (IOException absent) {
                // absent is a state too: it has no entry
            }
        }
        return looks;
    }
}
