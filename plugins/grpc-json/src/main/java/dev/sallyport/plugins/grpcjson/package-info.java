/** The step {@code grpc-json}: gRPC services as REST with JSON. */
@NullMarked
package dev.sallyport.plugins.grpcjson;

import org.jspecify.annotations.NullMarked;
