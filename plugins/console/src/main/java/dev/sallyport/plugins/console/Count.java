package dev.sallyport.plugins.console;

/** Requests, errors among them, and how long they took, in {@link Buckets}. For one thread. */
final class Count {

    private int requests;
    private int errors;
    private final int[] durations;

    Count(int requests, int errors, int[] durations) {
        this.requests = requests;
        this.errors = errors;
        this.durations = durations;
    }

    /** Nothing yet. */
    Count() {
        this(0, 0, new int[Buckets.COUNT]);
    }

    void add(Count more) {
        requests += more.requests;
        errors += more.errors;
        for (int i = 0; i < durations.length; i++) {
            durations[i] += more.durations[i];
        }
    }

    int requests() {
        return requests;
    }

    int errors() {
        return errors;
    }

    /** In milliseconds. */
    float percentile(double share) {
        return Buckets.percentile(durations, requests, share);
    }

    /** What stays of it. */
    Point point() {
        return new Point(requests, errors, percentile(0.5), percentile(0.95), percentile(0.99));
    }
}
