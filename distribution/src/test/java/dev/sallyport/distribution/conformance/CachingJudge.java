package dev.sallyport.distribution.conformance;

import dev.sallyport.distribution.conformance.CachingPlay.Ask;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Holds what came of a request, at the client and at the target, against what its step expects. */
final class CachingJudge {

    private final List<String> wrong = new ArrayList<>();
    private final CachingPlay play;
    private final CachingStep step;
    private final List<Ask> asks;

    private CachingJudge(CachingPlay play, CachingStep step, List<Ask> asks) {
        this.play = play;
        this.step = step;
        this.asks = asks;
    }

    /** What is not as expected, in words; empty where all is. Of several outcomes that are allowed, one has to fit. */
    static List<String> judge(CachingPlay play, CachingStep step, List<Message> responses, List<Ask> asks) {
        List<String> first = null;
        for (String outcome : step.gets()) {
            CachingJudge judge = new CachingJudge(play, step, asks);
            responses.forEach(response -> judge.response(outcome, response));
            judge.target(outcome);
            judge.someStatus(responses);
            if (judge.wrong.isEmpty()) {
                return List.of();
            }
            first = first == null ? judge.wrong : first;
        }
        return first;
    }

    private void response(String outcome, Message response) {
        String kind = outcome.split(" ", 2)[0];
        int from = outcome.contains(" ") ? Integer.parseInt(outcome.split(" ", 2)[1]) : 1;
        switch (kind) {
            case "any" -> {}
            case "own" -> content(outcome, response, asks.isEmpty() ? null : asks.getLast());
            case "hit", "valid", "stale", "kept" -> content(outcome, response, play.answered.get(from));
            case "error" -> {
                List<Integer> statuses = step.list("status");
                boolean isError = response.line.isEmpty() || !response.whole || response.status() >= 400;
                boolean isOfTarget =
                        play.answered.values().stream().anyMatch(one -> one.body.contentEquals(response.body));
                check(isError && !isOfTarget, told(response) + " (expected: an error)");
                check(
                        statuses.isEmpty() || (!response.line.isEmpty() && statuses.contains(response.status())),
                        told(response) + " (expected: " + statuses + ")");
            }
            default -> throw new IllegalArgumentException(outcome);
        }
        if (!response.line.isEmpty()) {
            fields(response);
        }
    }

    private static String told(Message response) {
        return response.line.isEmpty() ? "no response" : Integer.toString(response.status());
    }

    private void content(String outcome, Message response, Ask answer) {
        if (response.line.isEmpty()) {
            check(false, "no response");
            return;
        }
        int status = response.status();
        List<Integer> statuses = step.list("status");
        if (answer == null) {
            check(false, told(response) + ", not " + outcome + ": the target was not asked");
            return;
        }
        check(response.whole, "the response is cut");
        check(response.problems.isEmpty(), response.problems.toString());
        if (statuses.isEmpty()) {
            check(status == answer.status, status + " (expected: " + answer.status + ")");
        } else {
            check(statuses.contains(status), status + " (expected: " + statuses + ")");
        }
        boolean isHead = step.text("method", "GET").equals("HEAD");
        check(isHead || !answer.isHead(), "an answer to HEAD for another method");
        if (status == answer.status && !isHead) {
            check(
                    answer.body.contentEquals(response.body),
                    "the body is not that of " + outcome + quoted(response.body));
        }
        check(!isHead || response.body.isEmpty(), "a body after HEAD");
    }

    private void fields(Message response) {
        for (String field : step.<String>list("has")) {
            check(has(response, play.expand(field, 0)), "no field " + field + ", but " + alike(response, field));
        }
        for (String field : step.<String>list("lacks")) {
            check(!response.has(play.expand(field, 0)), "a field " + field);
        }
        if (step.has("is")) {
            check(step.text("is", "").contentEquals(response.body), "the body is" + quoted(response.body));
        }
        if (step.has("interims")) {
            check(response.interims.equals(step.list("interims")), "interim responses " + response.interims);
        }
        if (step.has("age")) {
            List<String> ages = response.all("Age");
            int least = step.number("age", 0);
            check(
                    ages.size() == 1
                            && ages.getFirst().matches("[0-9]{1,9}")
                            && Integer.parseInt(ages.getFirst()) >= least
                            && Integer.parseInt(ages.getFirst()) <= least + 60,
                    "Age " + ages + " (expected: " + least + ")");
        }
        if (step.has("cacheStatus") && !step.map("cacheStatus").containsKey("some")) {
            CacheStatus.judge(step.map("cacheStatus"), response.all("Cache-Status"))
                    .forEach(text -> check(false, text));
        }
    }

    private void someStatus(List<Message> responses) {
        if (step.map("cacheStatus").get("some") instanceof String wanted) {
            check(
                    responses.stream()
                            .anyMatch(one -> CacheStatus.judge(Map.of("has", List.of(wanted)), one.all("Cache-Status"))
                                    .isEmpty()),
                    "no Cache-Status with " + wanted);
        }
    }

    private static boolean has(Message message, String wanted) {
        int part = wanted.indexOf(": ~");
        return part < 0
                ? message.has(wanted)
                : message.all(wanted.substring(0, part)).stream()
                        .anyMatch(one -> one.contains(wanted.substring(part + 3)));
    }

    private static String alike(Message message, String field) {
        return message.all(field.split(":", 2)[0]).toString();
    }

    private void target(String outcome) {
        String kind = outcome.split(" ", 2)[0];
        int count = asks.size();
        List<Integer> counts = step.list("asked");
        if (!counts.isEmpty()) {
            check(counts.contains(count), "the target was asked " + count + " times (expected: " + counts + ")");
        } else {
            switch (kind) {
                case "own" -> check(count == step.times(), "the target was asked " + count + " times");
                case "hit" -> check(count == 0, "the target was asked");
                case "valid", "stale" -> check(count == 1, "the target was asked " + count + " times");
                case "kept" -> check(count > 0, "the target was not asked");
                default -> {}
            }
        }
        if (asks.isEmpty()) {
            return;
        }
        Ask last = asks.getLast();
        Message request = last.request;
        check(request.problems.isEmpty(), "target: " + request.problems);
        if (kind.equals("valid")) {
            check(last.status == 304, "target: the request has no condition");
        }
        if (kind.equals("stale")) {
            check(!last.blocked, "the client waited for the target");
        }
        Map<String, Object> expected = step.map("target");
        Object method = expected.getOrDefault("method", step.text("method", "GET"));
        check(
                kind.equals("any") || !expected.containsKey("method") || request.line.startsWith(method + " "),
                "target: " + request.line);
        CachingStep texts = new CachingStep(step.number(), expected);
        for (String field : texts.<String>list("has")) {
            check(has(request, play.expand(field, 0)), "target: no field " + field + ", but " + alike(request, field));
        }
        for (String field : texts.<String>list("lacks")) {
            check(!request.has(field), "target: a field " + field);
        }
        if (texts.has("body")) {
            check(
                    Objects.equals(texts.text("body", ""), request.body.toString()),
                    "target: body" + quoted(request.body));
        }
    }

    private static String quoted(CharSequence text) {
        return " '" + (text.length() > 60 ? text.subSequence(0, 60) + "…" : text) + "'";
    }

    private void check(boolean holds, String otherwise) {
        String text = otherwise.replaceAll("[\\x00-\\x1f\\x7f]", "·");
        if (!holds && !wrong.contains(text)) {
            wrong.add(text);
        }
    }
}
