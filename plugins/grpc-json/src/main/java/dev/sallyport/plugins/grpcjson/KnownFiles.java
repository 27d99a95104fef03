package dev.sallyport.plugins.grpcjson;

import com.google.api.AnnotationsProto;
import com.google.api.HttpBodyProto;
import com.google.api.HttpProto;
import com.google.protobuf.AnyProto;
import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.EmptyProto;
import com.google.protobuf.FieldMaskProto;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.WrappersProto;
import com.google.rpc.CodeProto;
import com.google.rpc.ErrorDetailsProto;
import com.google.rpc.StatusProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Files that descriptions import and seldom bring along. */
final class KnownFiles {

    static final Map<String, FileDescriptor> BY_NAME = Stream.of(
                    AnyProto.getDescriptor(),
                    DurationProto.getDescriptor(),
                    EmptyProto.getDescriptor(),
                    FieldMaskProto.getDescriptor(),
                    StructProto.getDescriptor(),
                    TimestampProto.getDescriptor(),
                    WrappersProto.getDescriptor(),
                    DescriptorProtos.getDescriptor(),
                    HttpProto.getDescriptor(),
                    HttpBodyProto.getDescriptor(),
                    AnnotationsProto.getDescriptor(),
                    CodeProto.getDescriptor(),
                    ErrorDetailsProto.getDescriptor(),
                    StatusProto.getDescriptor())
            .collect(Collectors.toUnmodifiableMap(FileDescriptor::getName, Function.identity()));

    private KnownFiles() {}

    /** What errors tell their details by. */
    static List<Descriptor> details() {
        List<Descriptor> types =
                new ArrayList<>(ErrorDetailsProto.getDescriptor().getMessageTypes());
        types.addAll(StatusProto.getDescriptor().getMessageTypes());
        types.addAll(WrappersProto.getDescriptor().getMessageTypes());
        types.addAll(StructProto.getDescriptor().getMessageTypes());
        types.addAll(DurationProto.getDescriptor().getMessageTypes());
        types.addAll(TimestampProto.getDescriptor().getMessageTypes());
        types.addAll(EmptyProto.getDescriptor().getMessageTypes());
        return types;
    }
}
