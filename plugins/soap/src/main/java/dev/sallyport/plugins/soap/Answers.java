package dev.sallyport.plugins.soap;

import dev.sallyport.api.Problem;
import java.util.HashMap;
import java.util.Map;

/** The problems of both steps. */
final class Answers {

    static final Problem NO_OPERATION = new Problem(404, "no-operation", "No operation has this path");
    static final Problem METHOD = new Problem(405, "method-not-allowed", "Method not allowed");
    static final Problem MEDIA_TYPE = new Problem(415, "media-type-unsupported", "The media type is not supported");
    static final Problem NO_SOAP = new Problem(502, "soap-response-invalid", "The response is no SOAP");
    static final Problem FAULT = new Problem(502, "soap-fault", "The service answered by a fault");

    private Answers() {}

    /** What a client of REST is told of a fault. */
    static Problem fault(Fault fault, Map<String, Integer> statuses) {
        Integer status = null;
        for (String name : fault.names()) {
            status = status == null ? statuses.get(name) : status;
        }
        int told = status != null ? status : fault.side() == Fault.Side.SENDER ? 400 : 502;
        Map<String, Object> members = new HashMap<>();
        members.put("code", fault.code());
        if (!fault.detail().members().isEmpty()) {
            members.put("detail", Plain.map(fault.detail()));
        }
        Problem problem = new Problem(told, FAULT.code(), FAULT.title());
        return (fault.reason().isEmpty() ? problem : problem.withDetail(fault.reason())).with("fault", members);
    }
}
