package dev.sallyport.distribution.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Holds what both sides have seen against what a case expects. */
final class Judge {

    private final List<String> wrong = new ArrayList<>();

    private Judge() {}

    /** What is not as expected, in words; empty where all is. */
    static List<String> judge(Case script, boolean here, Outcome outcome, Seen seen) {
        Judge judge = new Judge();
        judge.client(script.expected("client", here), outcome);
        judge.target(script.expected("target", here), seen);
        return judge.wrong;
    }

    private void client(Map<String, Object> expected, Outcome outcome) {
        Object status = outcome.status();
        List<?> allowed = (List<?>) expected.get("status");
        check(allowed.contains(status), "client: " + status + " (expected: " + allowed + ")");
        for (Message response : outcome.responses) {
            check(response.problems.isEmpty(), "client: " + response.problems);
        }
        boolean told = Boolean.FALSE.equals(expected.get("whole")) && status instanceof Integer answer && answer >= 500;
        Object end = told ? null : expected.get("end");
        check(!"close".equals(end) || outcome.closed, "client: the connection stays open");
        check(!"open".equals(end) || outcome.open, "client: the connection is of no use afterwards");
        Object interims = expected.get("interim");
        check(interims == null || interims.equals(outcome.interims), "client: interim responses " + outcome.interims);
        int responses = (int) expected.getOrDefault("responses", -1);
        check(
                responses < 0 || responses == outcome.responses.size(),
                "client: " + outcome.responses.size() + " responses (expected: " + responses + ")");
        if (expected.containsKey("ping")) {
            check(outcome.ping.equals(expected.get("ping")), "client: ping " + outcome.ping);
        }
        if (expected.containsKey("firstData")) {
            check(expected.get("firstData").equals(outcome.firstData), "client: first DATA of " + outcome.firstData);
        }
        if (expected.containsKey("then")) {
            check(expected.get("then").equals(outcome.then.toString()), "client: then " + quoted(outcome.then));
        }
        if (expected.get("bodies") instanceof List<?> bodies) {
            List<String> got = outcome.responses.stream()
                    .map(response -> response.body.toString())
                    .toList();
            check(bodies.equals(got), "client: bodies " + got);
        }
        if (outcome.responses.isEmpty()) {
            return;
        }
        Message first = outcome.responses.getFirst();
        boolean mayBeCut = Boolean.FALSE.equals(expected.get("whole"));
        check(!mayBeCut || !first.whole || first.status() >= 500, "client: a response that is cut looks whole");
        check(
                mayBeCut || first.whole || isTunnel(expected, first) || expected.containsKey("lacksTrailer"),
                "client: the response is cut");
        if (first.status() < 400 || first.status() == ((Number) firstNumber(allowed)).intValue()) {
            message("client", expected, first);
        }
        if (expected.get("lacksTrailer") instanceof String trailer) {
            check(first.trailers.stream().noneMatch(field -> field.is(trailer)), "client: trailer " + trailer);
        }
    }

    /** What follows the head then has no end of its own. */
    private static boolean isTunnel(Map<String, Object> expected, Message response) {
        return response.status() == 101 || expected.containsKey("tunnel");
    }

    private static Object firstNumber(List<?> allowed) {
        return allowed.getFirst() instanceof Number number ? number : 0;
    }

    private void target(Map<String, Object> expected, Seen seen) {
        for (Message request : seen.begun) {
            check(request.problems.isEmpty(), "target: " + request.problems);
        }
        if (expected == null) {
            check(!seen.contacted, "target: it was reached");
            return;
        }
        List<?> counts = (List<?>) expected.get("requests");
        check(
                counts.contains(seen.requests.size()),
                "target: " + seen.requests.size() + " whole requests (expected: " + counts + ")");
        if (expected.containsKey("then")) {
            check(expected.get("then").equals(seen.then.toString()), "target: then " + quoted(seen.then));
        }
        if (expected.containsKey("cancelled")) {
            check(Seen.await(seen.cancelled, Seen.PATIENCE_MILLIS), "target: its connection goes on");
        }
        if (!seen.requests.isEmpty()) {
            message("target", expected, seen.requests.getFirst());
        }
    }

    private void message(String side, Map<String, Object> expected, Message message) {
        Object line = expected.get("line");
        List<?> lines = line instanceof List<?> list ? list : List.of(line == null ? message.line : line);
        check(lines.contains(message.line), side + ": " + message.line + " (expected: " + lines + ")");
        for (String wanted : texts(expected, "has")) {
            check(message.has(wanted), side + ": no field " + wanted);
        }
        for (String unwanted : texts(expected, "lacks")) {
            check(!message.has(unwanted), side + ": a field " + unwanted);
        }
        List<String> order = texts(expected, "order");
        if (!order.isEmpty()) {
            String name = order.getFirst().split(":", 2)[0];
            List<String> got = message.fields.stream()
                    .filter(field -> field.name().equalsIgnoreCase(name))
                    .map(field -> name + ": " + field.value())
                    .toList();
            check(got.equals(order), side + ": " + got + " (expected: " + order + ")");
        }
        for (String wanted : texts(expected, "trailers")) {
            check(message.trailers.stream().anyMatch(field -> field.is(wanted)), side + ": no trailer " + wanted);
        }
        if (expected.containsKey("body")) {
            check(expected.get("body").equals(message.body.toString()), side + ": body " + quoted(message.body));
        }
    }

    @SuppressWarnings("unchecked")
    private static List<String> texts(Map<String, Object> expected, String key) {
        return (List<String>) expected.getOrDefault(key, List.of());
    }

    private static String quoted(CharSequence text) {
        return "'" + (text.length() > 60 ? text.subSequence(0, 60) + "…" : text) + "'";
    }

    private void check(boolean holds, String otherwise) {
        if (!holds) {
            wrong.add(otherwise.replaceAll("[\\x00-\\x1f\\x7f]", "·"));
        }
    }
}
