package dev.sallyport.kernel.admin;

import dev.sallyport.kernel.http.SideServer.Answer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A part of a list, and where the next part is. */
final class ListPage {

    /** The most elements of one. */
    static final int MOST = 1000;

    private ListPage() {}

    /** The part that a call asks for by {@code limit} and {@code offset}; what is no list goes whole. */
    static Answer of(String path, JsonNode all, Call call) throws RefusedCallException {
        Long limit = call.number("limit");
        Long offset = call.number("offset");
        if (!(all instanceof ArrayNode list)) {
            return Answer.json(200, all.toString());
        }
        long most = limit == null ? MOST : Math.min(limit, MOST);
        long from = offset == null ? 0 : offset;
        ArrayNode page = JsonNodeFactory.instance.arrayNode();
        for (long i = from; i < Math.min(list.size(), from + most); i++) {
            page.add(list.get((int) i));
        }
        Answer answer = Answer.json(200, page.toString());
        return from + most < list.size()
                ? answer.withHeader(
                        "link", "<" + path + "?limit=" + most + "&offset=" + (from + most) + ">; rel=\"next\"")
                : answer;
    }
}
