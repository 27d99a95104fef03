package dev.sallyport.kernel.admin;

import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.config.GatewayConfig.Role;
import dev.sallyport.kernel.explain.Question;
import dev.sallyport.kernel.explain.QuestionJson;
import dev.sallyport.kernel.explain.RequestExplainer;
import dev.sallyport.kernel.http.SideServer.Answer;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The resource that says what would become of a request, without sending it. It changes nothing. */
public final class ExplainResource {

    private static final long LONGEST = 2 << 20;

    private final RequestExplainer explainer;
    private final Supplier<Generation> serving;

    public ExplainResource(RequestExplainer explainer, Supplier<Generation> serving) {
        this.explainer = explainer;
        this.serving = serving;
    }

    /** Adds it to the API. */
    public AdminApi offerOn(AdminApi api) {
        return api.offer(Resource.of(
                        "explain",
                        "POST",
                        "/v1/explain",
                        Role.READ,
                        "What would become of a request: route, steps, target, and why.",
                        this::explain)
                .taking(LONGEST, "application/json"));
    }

    private Answer explain(Call call) throws Exception {
        Question question;
        try {
            question = QuestionJson.read(JsonMapper.shared().readTree(call.text()));
        } catch (JacksonException e) {
            throw RefusedCallException.badRequest("the body is not JSON: " + e.getOriginalMessage());
        } catch (IllegalArgumentException e) {
            throw RefusedCallException.badRequest(String.valueOf(e.getMessage()));
        }
        Generation generation = held();
        try {
            return Answer.json(200, explainer.explain(question, generation).toString());
        } catch (IllegalArgumentException e) {
            throw RefusedCallException.badRequest(String.valueOf(e.getMessage()));
        } finally {
            generation.release();
        }
    }

    private Generation held() {
        while (true) {
            Generation now = serving.get();
            if (now.tryAcquire()) {
                return now;
            }
        }
    }
}
