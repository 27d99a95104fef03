package dev.sallyport.plugins.jsontransform;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Durations;
import dev.sallyport.api.config.Size;
import dev.sallyport.json.MediaTypes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings of the step {@code json-transform}. */
public record JsonTransformConfig(
        @Doc("What is done with the request's body, in this order.")
        List<Operation> request,

        @Doc("What is done with the response's body, in this order.")
        List<Operation> response,

        @Doc("The media types whose bodies are JSON; +json means all that end so. Others pass as they are.")
        @Default("[application/json, +json]")
        List<String> types,

        @Doc("The media types whose bodies are JSON documents on lines of their own, each of which is changed.")
        @Default("[application/x-ndjson, application/jsonl, application/x-jsonlines]")
        List<String> lineTypes,

        @Doc("The most bytes of a body, with its coding taken off, of which a template makes another one.")
        @Default("1MiB")
        Size maxBody,

        @Doc("How long a template may take for one document.") @Default("250ms")
        Duration templateTime) {

    private static final long MOST = 1L << 30;

    /**
     * One operation: one of its keys is given. What they name by a JSON pointer (RFC 6901) is each member and element where a
     * step of it is {@code *}.
     */
    @Doc("One of these. A place is a JSON pointer such as /user/name; a step that is * stands for each member and"
            + " element, a last one that is - for the end of an array.")
    public record Operation(
            @Doc("Puts values at places, also where nothing is: missing objects around are made. A value is any"
                    + " JSON, or {from: EXPRESSION} for one of the request; where the request has none, nothing is"
                    + " done.")
            Map<String, Object> set,

            @Doc("The same, only where nothing is.") Map<String, Object> add,

            @Doc("The same, only where something is.") Map<String, Object> replace,

            @Doc("Places that are taken out.") List<String> remove,

            @Doc("Places of members, and the names that they get.")
            Map<String, String> rename,

            @Doc("Places whose texts, numbers and booleans become \"***\", those inside of objects and arrays too.")
            List<String> mask,

            @Doc("A whole new document, by a template in JSONata; the body is held in memory for it, up to maxBody.")
            @Nullable
            String template) {

        /** @throws ConfigException where there is not one key */
        public Operation {
            int given = count(set.isEmpty())
                    + count(add.isEmpty())
                    + count(replace.isEmpty())
                    + count(remove.isEmpty())
                    + count(rename.isEmpty())
                    + count(mask.isEmpty())
                    + count(template == null);
            if (given != 1) {
                throw new ConfigException(
                        "",
                        given
                                + " keys (expected: one of set, add, replace, remove, rename, mask and template); make"
                                + " an entry of the list for each");
            }
        }

        private static int count(boolean empty) {
            return empty ? 0 : 1;
        }
    }

    /** Checks what one key says against the others. */
    public JsonTransformConfig {
        if (request.isEmpty() && response.isEmpty()) {
            throw new ConfigException(
                    "", "nothing to do (expected: request or response); name one, or remove the step");
        }
        Operations.check("request", request);
        Operations.check("response", response);
        if (!templateTime.isPositive()) {
            throw new ConfigException("templateTime", Durations.format(templateTime) + " (expected: > 0)");
        }
        if (maxBody.bytes() > MOST) {
            throw new ConfigException("maxBody", maxBody + " (expected: at most 1GiB); a template needs it in memory");
        }
        MediaTypes.of("types", types);
        MediaTypes.of("lineTypes", lineTypes);
    }
}
