package dev.sallyport.plugins.grpcweb;

/** HTTP statuses in the words of gRPC. */
final class HttpStatus {

    private HttpStatus() {}

    /** The status that a client of gRPC makes of an HTTP status (gRPC's "HTTP to gRPC Status Code Mapping"). */
    static int grpc(int status) {
        return switch (status) {
            case 400 -> 13;
            case 401 -> 16;
            case 403 -> 7;
            case 404 -> 12;
            case 429, 502, 503, 504 -> 14;
            default -> 2;
        };
    }
}
