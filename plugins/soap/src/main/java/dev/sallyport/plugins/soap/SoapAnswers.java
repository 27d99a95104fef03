package dev.sallyport.plugins.soap;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Response;
import dev.sallyport.json.BadContentException;
import dev.sallyport.plugins.soap.Contract.Message;
import dev.sallyport.plugins.soap.Contract.Operation;
import dev.sallyport.plugins.soap.RestAsSoapConfig.Mapping;
import dev.sallyport.xml.JsonTrees;
import dev.sallyport.xml.MismatchException;
import dev.sallyport.xml.Value;
import dev.sallyport.xml.Value.Arr;
import dev.sallyport.xml.Value.Obj;
import dev.sallyport.xml.Value.Text;
import dev.sallyport.xml.XmlOutput;
import dev.sallyport.xml.XmlOutput.UnfitCharacterException;
import java.util.Map;

/** What clients of SOAP are answered. Immutable and thread-safe. */
final class SoapAnswers {

    /** The code of the problem that becomes a fault of that name. */
    static final String MUST_UNDERSTAND = "soap-header-unknown";

    /** Likewise. */
    static final String VERSION_MISMATCH = "soap-version-unknown";

    private static final Map<String, String> OWN_CODES =
            Map.of(MUST_UNDERSTAND, "MustUnderstand", VERSION_MISMATCH, "VersionMismatch");

    /** The namespace of problems in XML (RFC 9457, appendix B, which keeps that of RFC 7807). */
    private static final String PROBLEM = "urn:ietf:rfc:7807";

    private final JsonTrees json;
    private final EnvelopeWriter writer;

    SoapAnswers(Contract contract, JsonTrees json, RestAsSoapConfig config) {
        this.json = json;
        boolean all = config.headers() == SoapAsRestConfig.Headers.ALL;
        writer = new EnvelopeWriter(
                contract.model(),
                false,
                all,
                config.maxDepth(),
                config.maxBody().bytes());
    }

    /** What a service has answered, as SOAP. */
    Response answer(Soap version, Operation operation, Mapping mapping, byte[] body, Headers fields)
            throws BadContentException {
        Message output = operation.output();
        if (output == null) {
            return Response.of(202, fields, Body.empty());
        }
        Value value = body.length == 0 ? new Obj() : json.read(body);
        String only = Requested.onlyMember(output.body());
        if (!mapping.responseBody().equals("*")) {
            value = new Obj().put(mapping.responseBody(), value);
        } else if (value instanceof Arr && only != null) {
            value = new Obj().put(only, value);
        }
        try {
            return response(200, version, fields, writer.write(version, output, value, ""));
        } catch (MismatchException e) {
            throw e.told();
        }
    }

    /** What a service has refused with, as a fault. */
    Response refusal(Soap version, Operation operation, int status, byte[] body, Headers fields)
            throws BadContentException {
        Value value = body.length == 0 ? new Obj() : json.read(body);
        Obj problem = value instanceof Obj object ? object : new Obj();
        boolean sender = status >= 400 && status < 500;
        String reason = text(problem, "detail", text(problem, "title", "the service answered " + status));
        Obj detail = problem.members().get("fault") instanceof Obj fault
                        && fault.members().get("detail") instanceof Obj given
                ? given
                : problem;
        for (Element element : operation.faults().values()) {
            Value declared = detail.members().get(element.key());
            if (declared != null) {
                try {
                    return fault(
                            version,
                            sender,
                            fields,
                            writer.fault(version, code(sender), reason, element, declared, ""));
                } catch (MismatchException e) {
                    throw e.told();
                }
            }
        }
        try {
            return fault(
                    version,
                    sender,
                    fields,
                    writer.fault(version, code(sender), reason, null, null, xml(problem, status)));
        } catch (MismatchException e) {
            throw e.told();
        }
    }

    /** A problem as a fault. */
    Response problem(Soap version, Problem problem, Headers fields) {
        String own = OWN_CODES.get(problem.code());
        boolean sender = own == null && problem.status() >= 400 && problem.status() < 500;
        String detail = problem.detail();
        Obj told = new Obj().put("type", new Text(problem.type())).put("title", new Text(problem.title()));
        if (detail != null) {
            told.put("detail", new Text(detail));
        }
        try {
            byte[] fault = writer.fault(
                    version,
                    own == null ? code(sender) : own,
                    detail == null ? problem.title() : detail,
                    null,
                    null,
                    xml(told, problem.status()));
            return fault(version, sender, fields, fault);
        } catch (MismatchException e) {
            throw new IllegalStateException("a fault without a value has nothing that could not be written", e);
        }
    }

    private static String xml(Obj problem, int status) {
        XmlOutput out = new XmlOutput().raw("<problem xmlns=\"" + PROBLEM + "\">");
        for (Map.Entry<String, Value> member : problem.members().entrySet()) {
            boolean known = member.getKey().equals("type")
                    || member.getKey().equals("title")
                    || member.getKey().equals("detail")
                    || member.getKey().equals("instance");
            if (known && member.getValue() instanceof Text text) {
                try {
                    String printable = text.text().replaceAll("[\\p{Cntrl}\\p{Cs}\\uFFFE\\uFFFF]", " ");
                    String escaped = new XmlOutput().text(printable).toString();
                    out.raw("<" + member.getKey() + ">").raw(escaped).raw("</" + member.getKey() + ">");
                } catch (UnfitCharacterException e) {
                    throw new IllegalStateException("made printable before", e);
                }
            }
        }
        return out.raw("<status>" + status + "</status></problem>").toString();
    }

    private static String text(Obj object, String member, String otherwise) {
        return object.members().get(member) instanceof Text text && !text.text().isEmpty() ? text.text() : otherwise;
    }

    private static String code(boolean sender) {
        return sender ? "Client" : "Server";
    }

    /** SOAP 1.1 §6.2 has every fault at 500; SOAP 1.2 part 2, table 20, a sender's at 400. */
    private static Response fault(Soap version, boolean sender, Headers fields, byte[] body) {
        return response(version == Soap.V1_2 && sender ? 400 : 500, version, fields, body);
    }

    private static Response response(int status, Soap version, Headers fields, byte[] body) {
        return Response.of(status, fields.with("content-type", version.mediaType() + "; charset=utf-8"), Body.of(body));
    }
}
