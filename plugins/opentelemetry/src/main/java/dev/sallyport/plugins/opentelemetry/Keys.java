package dev.sallyport.plugins.opentelemetry;

import io.opentelemetry.api.common.AttributeKey;
import java.util.List;

/**
 * Names of attributes: those of the semantic conventions 1.41.0 (https://opentelemetry.io/docs/specs/semconv/http/), and of
 * steps, which no convention knows.
 */
final class Keys {

    static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    static final AttributeKey<String> METHOD_ORIGINAL = AttributeKey.stringKey("http.request.method_original");
    static final AttributeKey<Long> RESEND_COUNT = AttributeKey.longKey("http.request.resend_count");
    static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
    static final AttributeKey<String> CLIENT_ADDRESS = AttributeKey.stringKey("client.address");
    static final AttributeKey<String> PEER_ADDRESS = AttributeKey.stringKey("network.peer.address");
    static final AttributeKey<Long> PEER_PORT = AttributeKey.longKey("network.peer.port");
    static final AttributeKey<String> PROTOCOL_VERSION = AttributeKey.stringKey("network.protocol.version");
    static final AttributeKey<String> SERVER_ADDRESS = AttributeKey.stringKey("server.address");
    static final AttributeKey<Long> SERVER_PORT = AttributeKey.longKey("server.port");
    static final AttributeKey<String> URL_FULL = AttributeKey.stringKey("url.full");
    static final AttributeKey<String> URL_PATH = AttributeKey.stringKey("url.path");
    static final AttributeKey<String> URL_QUERY = AttributeKey.stringKey("url.query");
    static final AttributeKey<String> URL_SCHEME = AttributeKey.stringKey("url.scheme");
    static final AttributeKey<String> USER_AGENT = AttributeKey.stringKey("user_agent.original");

    static final AttributeKey<String> REQUEST_ID = AttributeKey.stringKey("sallyport.request.id");
    static final AttributeKey<String> LISTENER = AttributeKey.stringKey("sallyport.listener");
    static final AttributeKey<String> ROUTE_NAME = AttributeKey.stringKey("sallyport.route");
    static final AttributeKey<String> CONSUMER = AttributeKey.stringKey("sallyport.consumer");
    static final AttributeKey<String> UPSTREAM = AttributeKey.stringKey("sallyport.upstream");
    static final AttributeKey<String> STEP_PLACE = AttributeKey.stringKey("sallyport.step.place");
    static final AttributeKey<String> STEP_ID = AttributeKey.stringKey("sallyport.step.id");
    static final AttributeKey<String> STEP_TYPE = AttributeKey.stringKey("sallyport.step.type");
    static final AttributeKey<String> STEP_VERSION = AttributeKey.stringKey("sallyport.step.version");
    static final AttributeKey<String> STEP_VERDICT = AttributeKey.stringKey("sallyport.step.verdict");
    static final AttributeKey<Double> STEP_SELF = AttributeKey.doubleKey("sallyport.step.self_duration");

    static final AttributeKey<String> THREAD_NAME = AttributeKey.stringKey("thread.name");
    static final AttributeKey<String> EXCEPTION_TYPE = AttributeKey.stringKey("exception.type");
    static final AttributeKey<String> EXCEPTION_MESSAGE = AttributeKey.stringKey("exception.message");
    static final AttributeKey<String> STACKTRACE = AttributeKey.stringKey("exception.stacktrace");

    private Keys() {}

    static AttributeKey<List<String>> requestHeader(String lowerCaseName) {
        return AttributeKey.stringArrayKey("http.request.header." + lowerCaseName);
    }

    static AttributeKey<List<String>> responseHeader(String lowerCaseName) {
        return AttributeKey.stringArrayKey("http.response.header." + lowerCaseName);
    }
}
