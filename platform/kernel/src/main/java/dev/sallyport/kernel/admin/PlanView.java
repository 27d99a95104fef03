package dev.sallyport.kernel.admin;

import dev.sallyport.kernel.plan.Difference;
import dev.sallyport.kernel.plan.Plan;
import dev.sallyport.kernel.plan.Reroutes;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A plan as JSON. */
final class PlanView {

    private PlanView() {}

    static ObjectNode of(Plan plan) {
        ObjectNode json = JsonMapper.shared()
                .createObjectNode()
                .put("generation", plan.generation())
                .put("changes", !plan.isEmpty())
                .put("kept", plan.kept())
                .put("created", plan.created());
        ArrayNode differences = json.putArray("differences");
        plan.differences().forEach(each -> add(each, differences.addObject()));
        plan.others().forEach(json.putArray("others")::add);
        plan.through().forEach(json.putArray("through")::add);
        Reroutes reroutes = plan.reroutes();
        ObjectNode requests = json.putObject("requests")
                .put("looked", reroutes.looked())
                .put("past", Reroutes.PAST.toMinutes() + "m")
                .put("rerouted", reroutes.changed());
        ArrayNode groups = requests.putArray("groups");
        reroutes.groups()
                .forEach(group -> group.examples()
                        .forEach(groups.addObject()
                                .put("from", group.from())
                                .put("to", group.to())
                                .put("count", group.count())
                                .putArray("examples")::add));
        ArrayNode warnings = json.putArray("warnings");
        plan.warnings().forEach(warning -> warnings.add(warning.toString()));
        ArrayNode findings = json.putArray("findings");
        plan.findings().forEach(finding -> findings.add(finding.toString()));
        return json;
    }

    private static void add(Difference difference, ObjectNode json) {
        json.put("kind", difference.kind().toString())
                .put("part", difference.part())
                .put("place", difference.place().toString());
        ArrayNode details = json.putArray("details");
        for (Difference.Detail detail : difference.details()) {
            ObjectNode one = details.addObject().put("key", detail.key());
            if (detail.old() != null) {
                one.put("old", detail.old());
            }
            if (detail.now() != null) {
                one.put("now", detail.now());
            }
        }
    }
}
