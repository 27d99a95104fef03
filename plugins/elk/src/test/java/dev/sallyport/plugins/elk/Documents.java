package dev.sallyport.plugins.elk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testservers.Elasticsearch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is in a stream of records, each of which has a path of its own. */
final class Documents {

    private Documents() {}

    /** How many; -1 where there is no such stream. */
    static long count(Elasticsearch elasticsearch, String stream) {
        elasticsearch.request("POST", "/" + stream + "/_refresh", null);
        String answer =
                elasticsearch.request("GET", "/" + stream + "/_count", null).body();
        Matcher count = Pattern.compile("\"count\":(\\d+)").matcher(answer);
        return count.find() ? Long.parseLong(count.group(1)) : -1;
    }

    /** As many documents as that, and as many different requests. */
    static void assertEachOnce(Elasticsearch elasticsearch, String stream, long expected) {
        assertThat(count(elasticsearch, stream)).isEqualTo(expected);
        long different = 0;
        String after = "";
        while (true) {
            String page = elasticsearch
                    .request("POST", "/" + stream + "/_search", """
                        {"size": 0, "aggs": {"all": {"composite": {"size": 10000, %s
                          "sources": [{"path": {"terms": {"field": "url.path"}}}]}}}}\
                        """.formatted(after))
                    .body();
            Matcher last = Pattern.compile("\"after_key\":(\\{[^}]*})").matcher(page);
            different +=
                    Pattern.compile("\"doc_count\":1}").matcher(page).results().count();
            assertThat(page).doesNotContainPattern("\"doc_count\":[2-9]");
            if (!last.find()) {
                break;
            }
            after = "\"after\": " + last.group(1) + ",";
        }
        assertThat(different).isEqualTo(expected);
    }
}
