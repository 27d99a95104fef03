package dev.sallyport.plugins.console;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The last requests, and beside them the last ones that failed, which many good ones would push out else. In memory alone, and
 * bounded. Thread-safe; to add one takes no lock.
 */
final class RecentRequests {

    private static final int MOST_LISTED = 500;
    private static final int LISTED = 100;

    private final Ring all;
    private final Ring failed;

    private static final class Ring {
        private final AtomicReferenceArray<@Nullable RecentRequest> kept;
        private final AtomicLong next = new AtomicLong();

        Ring(int size) {
            kept = new AtomicReferenceArray<>(size);
        }

        void add(RecentRequest one) {
            kept.set((int) (next.getAndIncrement() % kept.length()), one);
        }

        void addTo(List<RecentRequest> found, Predicate<RecentRequest> wanted) {
            for (int i = 0; i < kept.length(); i++) {
                RecentRequest one = kept.get(i);
                if (one != null && wanted.test(one)) {
                    found.add(one);
                }
            }
        }
    }

    /** @param size of each of the two; 1 or more */
    RecentRequests(int size) {
        all = new Ring(size);
        failed = new Ring(size);
    }

    void add(RecentRequest one) {
        (one.isFailure() ? failed : all).add(one);
    }

    /** A parameter of the query cannot be understood; the message says which. */
    static final class BadQueryException extends Exception {

        private static final long serialVersionUID = 1;

        BadQueryException(String message) {
            super(message);
        }
    }

    /** Those that the parameters of a query want, newest first. */
    List<RecentRequest> search(Map<String, String> query) throws BadQueryException {
        Predicate<RecentRequest> wanted = one -> true;
        int limit = LISTED;
        for (Map.Entry<String, String> each : query.entrySet()) {
            String value = each.getValue();
            switch (each.getKey()) {
                case "route" -> wanted = wanted.and(one -> value.equals(one.route() == null ? "-" : one.route()));
                case "method" -> wanted = wanted.and(one -> value.equalsIgnoreCase(one.method()));
                case "path" -> wanted = wanted.and(path(value));
                case "consumer" -> wanted = wanted.and(one -> value.equals(one.consumer()));
                case "client" -> wanted = wanted.and(one -> value.equals(one.client()));
                case "id" -> wanted = wanted.and(one -> value.equals(one.id()));
                case "step" ->
                    wanted = wanted.and(
                            one -> one.step() != null && (one.step().equals(value) || value.equals(one.stepType())));
                case "status" -> wanted = wanted.and(status(value));
                case "since" -> {
                    long since = number("since", value);
                    wanted = wanted.and(one -> one.at() >= since);
                }
                case "before" -> {
                    long before = number("before", value);
                    wanted = wanted.and(one -> one.at() < before);
                }
                case "limit" -> limit = Math.clamp(number("limit", value), 1, MOST_LISTED);
                default ->
                    throw new BadQueryException(each.getKey() + " is no parameter of this (expected: route, method,"
                            + " path, status, consumer, client, step, id, since, before, limit)");
            }
        }
        List<RecentRequest> found = new ArrayList<>();
        all.addTo(found, wanted);
        failed.addTo(found, wanted);
        found.sort(Comparator.comparingLong(RecentRequest::at).reversed());
        return found.size() <= limit ? found : List.copyOf(found.subList(0, limit));
    }

    /** The one of that id; null where it is not kept. */
    @Nullable
    RecentRequest find(String id) {
        List<RecentRequest> found = new ArrayList<>();
        all.addTo(found, one -> one.id().equals(id));
        failed.addTo(found, one -> one.id().equals(id));
        return found.stream().max(Comparator.comparingLong(RecentRequest::at)).orElse(null);
    }

    /** A part of the path, or its beginning where it ends with a star. */
    private static Predicate<RecentRequest> path(String value) {
        if (value.endsWith("*")) {
            String start = value.replaceFirst("\\*+$", "");
            return one -> one.path().startsWith(start);
        }
        return one -> one.path().contains(value);
    }

    private static Predicate<RecentRequest> status(String value) throws BadQueryException {
        String text = value.toLowerCase(Locale.ROOT);
        if (text.equals("failed")) {
            return RecentRequest::isFailure;
        }
        if (text.matches("[1-5]xx")) {
            int first = text.charAt(0) - '0';
            return one -> one.status() / 100 == first;
        }
        if (text.matches("[1-9]\\d\\d")) {
            int status = Integer.parseInt(text);
            return one -> one.status() == status;
        }
        throw new BadQueryException("status: " + value + " (expected: 404, 5xx or failed)");
    }

    static long number(String name, String value) throws BadQueryException {
        if (!value.matches("\\d{1,15}")) {
            throw new BadQueryException(name + ": " + value + " (expected: a whole number)");
        }
        return Long.parseLong(value);
    }
}
