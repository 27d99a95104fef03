/** The step {@code grpc-web}: gRPC for browsers. */
@NullMarked
package dev.sallyport.plugins.grpcweb;

import org.jspecify.annotations.NullMarked;
