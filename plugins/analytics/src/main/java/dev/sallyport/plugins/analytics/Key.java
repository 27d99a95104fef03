package dev.sallyport.plugins.analytics;

/**
 * What is counted apart. {@code ""} is none: no route matched, nobody has authenticated; {@value #REST} stands for all that
 * were too many.
 *
 * @param status 0 for all that were too many
 */
record Key(String route, String consumer, int status, String client) {

    static final String REST = "*";

    static final Key ALL = new Key(REST, REST, 0, REST);

    /**
     * What a new one is counted as where there are so many already: first clients are taken together, then consumers, then
     * all.
     *
     * @param known how many are counted apart
     * @param most how many may be
     */
    Key within(int known, int most) {
        if (known < most / 2) {
            return this;
        }
        if (known < most - most / 4) {
            return withoutClient();
        }
        return known < most - 1 ? withoutConsumer() : ALL;
    }

    Key withoutClient() {
        return new Key(route, consumer, status, REST);
    }

    Key withoutConsumer() {
        return new Key(route, REST, status, REST);
    }
}
