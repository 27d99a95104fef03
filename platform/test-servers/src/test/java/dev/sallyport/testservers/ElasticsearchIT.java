package dev.sallyport.testservers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ElasticsearchIT {

    @Test
    void keepsWhatItHasAcknowledgedWhenItIsKilled() {
        try (Elasticsearch elasticsearch = Elasticsearch.start()) {
            assertThat(elasticsearch
                            .request("PUT", "/things/_doc/1", "{\"name\":\"one\"}")
                            .statusCode())
                    .isEqualTo(201);

            elasticsearch.kill();
            elasticsearch.startAgain();

            assertThat(elasticsearch.request("GET", "/things/_doc/1", null).body())
                    .contains("\"name\":\"one\"");
        }
    }
}
