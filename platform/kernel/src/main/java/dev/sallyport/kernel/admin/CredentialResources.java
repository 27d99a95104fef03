package dev.sallyport.kernel.admin;

import dev.sallyport.kernel.config.ConfigNode;
import dev.sallyport.kernel.config.CredentialEdit;
import dev.sallyport.kernel.config.GatewayConfig.Role;
import dev.sallyport.kernel.config.WrittenJson;
import dev.sallyport.kernel.http.SideServer.Answer;
import java.io.IOException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The credentials of one consumer, one by one: so that a second key is added, and later the first one removed, without
 * knowing the others. Who may change which configuration is as for the whole consumer.
 */
final class CredentialResources {

    private static final long MOST_BYTES = 64 << 10;
    private static final String PATH = "/v1/consumers/{id}/credentials";

    private final PartResources parts;

    CredentialResources(PartResources parts) {
        this.parts = parts;
    }

    /** Adds them to the API. */
    AdminApi offerOn(AdminApi api) {
        return api.offer(Resource.of(
                                "addCredential",
                                "POST",
                                PATH,
                                Role.OPERATE,
                                "Gives a consumer, which is made where it is not there, one more credential: an object"
                                        + " of its type and its settings, as in the configuration.",
                                this::add)
                        .taking(MOST_BYTES, UploadBody.JSON)
                        .with(ConfigResources.DRY_RUN, GenerationResources.MESSAGE))
                .offer(Resource.of(
                                "removeCredential",
                                "DELETE",
                                PATH + "/{credential}",
                                Role.OPERATE,
                                "Takes a consumer's credential away, by the id in its settings.",
                                this::remove)
                        .with(ConfigResources.DRY_RUN, GenerationResources.MESSAGE));
    }

    private Answer add(Call call) throws IOException, RefusedCallException {
        CredentialEdit edit = new CredentialEdit(call.path("id"));
        JsonNode body;
        try {
            body = JsonMapper.shared().readTree(call.body());
        } catch (JacksonException e) {
            throw RefusedCallException.badRequest("the body is no JSON: " + e.getOriginalMessage());
        }
        if (!(body instanceof ObjectNode given) || given.size() != 1) {
            throw RefusedCallException.badRequest(
                    "the body (expected: an object with one type of credential, such as {\"key-auth\": {…}})");
        }
        String id = given.iterator().next().path("id").asString("");
        String file = parts.file(edit.whole());
        if (!id.isEmpty() && edit.has(parts.text(file), id)) {
            throw RefusedCallException.badRequest(
                    "id " + id + " (expected: another than those of consumer " + edit.consumer() + ")");
        }
        ConfigNode credential = WrittenJson.node(given);
        return parts.change(
                call,
                edit.whole(),
                file,
                false,
                "add a credential of " + PartResources.part(edit.whole()),
                text -> edit.add(text, credential));
    }

    private Answer remove(Call call) throws IOException, RefusedCallException {
        CredentialEdit edit = new CredentialEdit(call.path("id"));
        String id = call.path("credential");
        String file = parts.file(edit.whole());
        if (!edit.has(parts.text(file), id)) {
            throw RefusedCallException.notFound("no credential with the id " + id + " of consumer " + edit.consumer());
        }
        return parts.change(
                call,
                edit.whole(),
                file,
                false,
                "remove credential " + id + " of " + PartResources.part(edit.whole()),
                text -> edit.remove(text, id));
    }
}
