package dev.sallyport.plugins.elk;

/** What the plugin calls its things in Elasticsearch. */
final class Names {

    /** Data streams of this name are one kind of data; what comes after it tells them apart. */
    static final String DATASET = "logs-sallyport.access-";

    /** The lifecycle policy, and what names of templates begin with. */
    static final String BASE = "sallyport-access";

    private Names() {}

    /** The index template: one for all streams of the kind, one for each other name. */
    static String template(String stream) {
        return stream.startsWith(DATASET) ? BASE : BASE + "-" + stream;
    }

    /** The indices that the template is for. */
    static String pattern(String stream) {
        return stream.startsWith(DATASET) ? DATASET + "*" : stream + "*";
    }
}
