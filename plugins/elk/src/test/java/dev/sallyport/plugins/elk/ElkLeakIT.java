package dev.sallyport.plugins.elk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testservers.Elasticsearch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

final class ElkLeakIT extends PluginLeakTest {

    private static Elasticsearch elasticsearch;

    @BeforeAll
    static void start() {
        elasticsearch = Elasticsearch.start();
    }

    @AfterAll
    static void stop() {
        elasticsearch.close();
    }

    @Override
    protected String config(TestUpstream upstream) {
        return """
            plugins:
              - elk: {elasticsearch: {url: "%s"}, body: {types: [text/plain]}}
              - elk: {logstash: {url: "%s/logstash"}}
              - elk: {logstash: {url: "tcp://127.0.0.1:%d"}}
            routes: [{name: all, upstream: "%s"}]
            """.formatted(
                elasticsearch.address(), upstream.address(), upstream.address().getPort(), upstream.address());
    }

    private static long documents() {
        elasticsearch.request("POST", "/logs-sallyport.access-default/_refresh", null);
        String count = elasticsearch
                .request("GET", "/logs-sallyport.access-default/_count", null)
                .body();
        return count.contains("\"count\":") ? Long.parseLong(count.replaceFirst(".*\"count\":(\\d+).*", "$1")) : 0;
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        long before = documents();
        assertThat(gateway.get("/").statusCode()).isEqualTo(200);
        gateway.await("a document", () -> documents() > before);
    }
}
