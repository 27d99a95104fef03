package dev.sallyport.plugins.elk;

/**
 * What the plugin calls its things in Elasticsearch. What a step may set is named after its stream, so that two steps with two
 * streams do not set it for each other.
 */
final class Names {

    /** Data streams of this name are one kind of data; what comes after it tells them apart. */
    static final String DATASET = "logs-sallyport.access-";

    /** The mappings of all streams: the same for each. */
    static final String MAPPINGS = "sallyport-access-mappings";

    private Names() {}

    /** The lifecycle policy, and the index template. */
    static String of(String stream) {
        return "sallyport-access-" + stream;
    }

    /** The component template that names the policy. */
    static String settings(String stream) {
        return of(stream) + "-settings";
    }

    /** The names that the index template is for: the data stream's, or those of the indices behind an alias, and no others. */
    static String pattern(String stream, boolean dataStreams) {
        return dataStreams ? stream : stream + "-0*";
    }
}
