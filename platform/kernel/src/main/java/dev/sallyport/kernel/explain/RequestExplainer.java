package dev.sallyport.kernel.explain;

import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.kernel.chain.AskedExchange;
import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.chain.Way;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.config.ResolvedRoute;
import dev.sallyport.kernel.config.ResolvedRoute.ResolvedStep;
import dev.sallyport.kernel.config.StepKeys;
import dev.sallyport.kernel.explain.StepsWalk.Answer;
import dev.sallyport.kernel.http.Asked;
import dev.sallyport.kernel.http.AskedListener;
import dev.sallyport.kernel.http.Received;
import dev.sallyport.kernel.routing.Candidates;
import dev.sallyport.kernel.routing.Explanation;
import dev.sallyport.kernel.routing.RouteResult;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Says what becomes of a request: what its listener does with it, which route takes it and why others do not, which steps it
 * meets and what they would do, and where it goes. Thread-safe.
 */
public final class RequestExplainer {

    private static final int MOST_OTHERS = 10;

    private final AskedListener listener;

    /** @param listener reads the requests */
    public RequestExplainer(AskedListener listener) {
        this.listener = listener;
    }

    /** By what is written alone: no step is made, so what they do is not known. */
    public ObjectNode explain(Question question, ResolvedConfig config) throws InterruptedException {
        return explain(question, new Subject.Written(config));
    }

    /**
     * By what is compiled: steps say what they would do.
     *
     * @param generation held by the caller
     */
    public ObjectNode explain(Question question, Generation generation) throws InterruptedException {
        return explain(question, new Subject.Compiled(generation)).put("generation", generation.number());
    }

    private ObjectNode explain(Question question, Subject subject) throws InterruptedException {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        Asked asked = question.asked(subject.config().config(), listener.addresses());
        json.put("method", asked.method());
        switch (listener.read(asked, subject.config().config())) {
            case Received.Unreadable unreadable -> {
                json.put("host", "").put("target", asked.target());
                json.putObject("listener").put("name", asked.listener());
                answered(answer(unreadable.answer()), json);
            }
            case Received.Read read -> new Telling(subject, asked, read, json).tell();
        }
        return json;
    }

    private static Answer answer(Received.Own own) {
        return new Answer(own.status(), "listener", own.why());
    }

    private static void answered(Answer answer, ObjectNode json) {
        json.putNull("route");
        json.put("status", answer.status()).put("reason", answer.why());
        put(answer, json);
        json.putArray("others");
        json.putArray("steps");
    }

    private static void put(Answer answer, ObjectNode json) {
        json.putObject("answer")
                .put("status", answer.status())
                .put("by", answer.by())
                .put("why", answer.why());
    }

    /** The work of one question. */
    private static final class Telling {

        private final Subject subject;
        private final ResolvedConfig config;
        private final Asked asked;
        private final Received.Read read;
        private final AskedExchange exchange;
        private final ObjectNode json;

        Telling(Subject subject, Asked asked, Received.Read read, ObjectNode json) {
            this.subject = subject;
            this.config = subject.config();
            this.asked = asked;
            this.read = read;
            this.exchange = read.exchange();
            this.json = json;
        }

        void tell() {
            Request request = read.request();
            json.put("host", request.headers().get("host", ""))
                    .put("target", read.answer() == null ? request.target().toString() : asked.target());
            arrival(json.putObject("listener"));
            if (read.answer() != null) {
                answered(answer(read.answer()), json);
                return;
            }
            StepsWalk walk = new StepsWalk(
                    config,
                    exchange,
                    stripped(request, subject.owned()),
                    JsonMapper.shared().createArrayNode());
            walk.walk("before routing", config.before(), subject.before());
            route(walk);
            if (subject instanceof Subject.Written && walk.ran()) {
                walk.unsure()
                        .add("what steps do is not known from the configuration alone: ask the gateway that runs"
                                + " (--live), or have the steps made (--deep)");
            }
            ArrayNode unsure = json.putArray("unsure");
            walk.unsure().forEach(unsure::add);
        }

        /** What the listener makes of it. */
        private void arrival(ObjectNode told) {
            Request request = read.request();
            told.put("name", asked.listener())
                    .put("client", exchange.client().getHostAddress())
                    .put("peer", asked.peer().getHostAddress())
                    .put("scheme", exchange.scheme());
            if (read.origin().isTrusted()) {
                told.put("trusted", true);
            }
            String target = request.target().toString();
            if (read.answer() == null && !target.equals(asked.target())) {
                told.put("received", asked.target());
            }
            ArrayNode dropped = told.putArray("drops");
            Headers passed = request.headers();
            for (String name : read.raw().names()) {
                if (!passed.has(name)) {
                    dropped.add(name);
                }
            }
            ObjectNode set = told.putObject("sets");
            for (String name : passed.names()) {
                if (!passed.all(name).equals(read.raw().all(name))) {
                    set.put(name, String.join(", ", passed.all(name)));
                }
            }
        }

        private Request stripped(Request request, List<String> owned) {
            Request left = request;
            for (String name : owned) {
                if (left.headers().has(name)) {
                    json.withArray("strips").add(name);
                    left = left.withoutHeader(name);
                }
            }
            return left;
        }

        private void route(StepsWalk walk) {
            if (walk.answer() != null) {
                json.putNull("route");
                end(walk, "a step before routing answers");
                return;
            }
            Candidates<String> candidates = subject.candidates(walk.request(), MOST_OTHERS + 1);
            switch (subject.find(walk.request())) {
                case RouteResult.Found<Way> found -> found(found, candidates, walk);
                case RouteResult.MethodNotAllowed<Way> other -> {
                    walk.answer(new Answer(
                            405, "gateway", "method not allowed, only " + String.join(", ", other.allowed())));
                    json.putNull("route");
                    end(walk, "method not allowed, only " + String.join(", ", other.allowed()));
                }
                case RouteResult.NotFound<Way> none -> {
                    walk.answer(new Answer(404, "gateway", "no route"));
                    json.putNull("route");
                    end(walk, "no route");
                }
            }
            rivals(candidates);
        }

        /** Where no route comes into it. */
        private void end(StepsWalk walk, String reason) {
            Answer answer = walk.answer();
            if (answer != null) {
                json.put("status", answer.status()).put("reason", reason);
                put(answer, json);
            }
            json.set("steps", walk.steps());
        }

        private void found(RouteResult.Found<Way> found, Candidates<String> candidates, StepsWalk walk) {
            Way way = found.route();
            ResolvedRoute route = subject.route(way.route());
            exchange.routed(way.route(), found.parameters());
            json.put("route", way.route()).put("place", route.route().place().toString());
            for (Explanation<String> each : candidates.closest()) {
                if (each.outcome() == Explanation.Outcome.WINS) {
                    json.put("reason", each.reason());
                }
            }
            ObjectNode parameters = json.putObject("parameters");
            found.parameters().forEach(parameters::put);
            walk.request(stripped(walk.request(), way.owned()));
            long most = way.maxBody() == null ? read.maxBody() : way.maxBody().bytes();
            if (walk.request().body().length() > most) {
                walk.answer(new Answer(413, "gateway", "the body is longer than " + most + " bytes"));
            }
            walk.walk("route", route.steps(), way.steps());
            upstreams(way, route, walk);
            json.set("steps", walk.steps());
            leftOut(route);
            Answer answer = walk.answer();
            if (answer != null) {
                put(answer, json);
            }
        }

        private void upstreams(Way way, ResolvedRoute route, StepsWalk walk) {
            if (route.upstreams().isEmpty() && walk.answer() == null && subject instanceof Subject.Compiled) {
                walk.answer(new Answer(404, "gateway", "no step answers, and the route has no upstream"));
            }
            UpstreamPart part = new UpstreamPart(subject, way, route, exchange, walk);
            if (route.upstreams().size() == 1) {
                part.tell(route.upstreams().getFirst(), json.putObject("upstream"));
            } else if (!route.upstreams().isEmpty()) {
                split(route, part, walk);
            }
            for (String other : route.others()) {
                ObjectNode told = json.withArray("otherUpstreams").addObject().put("name", other);
                told.put(
                        "place",
                        Objects.requireNonNull(config.upstreams().get(other), other)
                                .place()
                                .toString());
                ArrayNode steps = told.putArray("steps");
                for (ResolvedStep step : config.upstreamSteps().getOrDefault(other, List.of())) {
                    name(step, steps.addObject());
                }
            }
            if (route.mirror() != null && route.route().mirror() != null) {
                ObjectNode mirror = json.putObject("mirror")
                        .put("to", route.mirror())
                        .put("share", route.route().mirror().share().toString());
                ArrayNode steps = mirror.putArray("steps");
                for (ResolvedStep step : config.upstreamSteps().getOrDefault(route.mirror(), List.of())) {
                    name(step, steps.addObject());
                }
            }
        }

        private static ObjectNode name(ResolvedStep step, ObjectNode json) {
            return json.put("id", step.id())
                    .put("type", step.step().type())
                    .put("place", step.step().place().toString());
        }

        /** Each of them begins with the same request. */
        private void split(ResolvedRoute route, UpstreamPart part, StepsWalk walk) {
            Request request = walk.request();
            Answer before = walk.answer();
            int total = route.upstreams().stream()
                    .mapToInt(ResolvedRoute.Part::weight)
                    .sum();
            ArrayNode split = json.putArray("split");
            for (ResolvedRoute.Part each : route.upstreams()) {
                walk.request(request);
                walk.answer(before);
                ObjectNode told = split.addObject()
                        .put("weight", each.weight())
                        .put("share", Math.round(10_000.0 * each.weight() / total) / 100.0);
                part.tell(each, told);
                Answer own = walk.answer();
                if (own != null && before == null) {
                    put(own, told);
                }
            }
            walk.answer(before);
            if (before == null) {
                walk.unsure().add("which of the upstreams gets it is a matter of chance");
            }
        }

        private void leftOut(ResolvedRoute route) {
            if (route.leftOut().isEmpty()) {
                return;
            }
            ArrayNode all = json.putArray("leftOut");
            for (ResolvedStep step : route.leftOut()) {
                boolean off = step.step().keys().mode() == StepKeys.Mode.OFF;
                name(step, all.addObject()).put("why", off ? "mode: off" : "the route skips it");
            }
        }

        private void rivals(Candidates<String> candidates) {
            ArrayNode others = json.putArray("others");
            candidates.closest().stream()
                    .filter(each -> each.outcome() != Explanation.Outcome.WINS)
                    .limit(MOST_OTHERS)
                    .forEach(each -> {
                        ObjectNode other = others.addObject()
                                .put("route", each.route())
                                .put("outcome", word(each.outcome()))
                                .put("reason", each.reason());
                        other.put(
                                "place",
                                subject.route(each.route()).route().place().toString());
                    });
            ObjectNode counts = json.putObject("counts");
            candidates.counts().forEach((outcome, count) -> {
                if (outcome != Explanation.Outcome.WINS) {
                    counts.put(word(outcome), count);
                }
            });
        }

        private static String word(Explanation.Outcome outcome) {
            return outcome.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
