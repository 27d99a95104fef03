package dev.sallyport.plugins.xmljson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.Body;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Size;
import dev.sallyport.plugins.xmljson.XmlJsonConfig.Mixed;
import dev.sallyport.plugins.xmljson.XmlJsonConfig.Way;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The convention, both ways. */
final class XmlJsonFilterTest {

    private static final String HEAD = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

    private final FakeContext context = FakeContext.create();

    @AfterEach
    void close() {
        context.close();
    }

    static XmlJsonConfig config(Way request, Way response, Mixed mixed, boolean drop) {
        return new XmlJsonConfig(
                request,
                response,
                List.of("/a/b", "/*/list"),
                List.of("/a/n", "/a/@n", "/a/b/n"),
                List.of("/a/t"),
                mixed,
                drop,
                null,
                "item",
                new Size(1_000_000),
                100);
    }

    private Filter filter(Way request, Way response) {
        return context.create(new XmlJsonFactory(), config(request, response, Mixed.REFUSE, false));
    }

    private static String text(Body body) throws IOException {
        try (InputStream in = body.open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Response toJson(Filter filter, String xml, FakeNext next) throws Exception {
        return filter.handle(
                Requests.post("/", xml)
                        .header("content-type", "application/xml")
                        .build(),
                next);
    }

    private Response toXml(Filter filter, String json, FakeNext next) throws Exception {
        return filter.handle(
                Requests.post("/", json)
                        .header("content-type", "application/json")
                        .build(),
                next);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '§',
            value = {
                "<a></a> | {\"a\":\"\"}",
                "<a>x</a> | {\"a\":\"x\"}",
                "<a c=\"1\"></a> | {\"a\":{\"@c\":\"1\"}}",
                "<a c=\"1\">x</a> | {\"a\":{\"@c\":\"1\",\"#text\":\"x\"}}",
                "<a n=\"1.10\"><n>1.10</n><t>true</t></a> | {\"a\":{\"@n\":1.10,\"n\":1.10,\"t\":true}}",
                "<a><c>1</c><c>2</c></a> | {\"a\":{\"c\":[\"1\",\"2\"]}}",
                "<a><b>1</b></a> | {\"a\":{\"b\":[\"1\"]}}",
                "<a><b><n>7</n></b></a> | {\"a\":{\"b\":[{\"n\":7}]}}",
                "<x><list>1</list></x> | {\"x\":{\"list\":[\"1\"]}}",
                "<p:a xmlns:p=\"u\" p:b=\"1\"><p:c>ü &amp; &lt;</p:c></p:a>"
                        + " | {\"p:a\":{\"@xmlns:p\":\"u\",\"@p:b\":\"1\",\"p:c\":\"ü & <\"}}",
                "<a><c xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"></c></a> |"
                    + " {\"a\":{\"c\":{\"@xmlns:xsi\":\"http://www.w3.org/2001/XMLSchema-instance\",\"@xsi:nil\":\"true\"}}}"
            })
    void goesBothWays(String xml, String json) throws Exception {
        FakeNext next = FakeNext.ok();
        FakeNext back = FakeNext.ok();

        toJson(filter(Way.XML_TO_JSON, Way.OFF), xml, next);
        toXml(filter(Way.JSON_TO_XML, Way.OFF), json, back);

        assertThat(text(next.request().body())).isEqualTo(json);
        assertThat(next.request().header("content-type")).isEqualTo("application/json");
        assertThat(text(back.request().body())).isEqualTo(HEAD + xml);
        assertThat(back.request().header("content-type")).isEqualTo("application/xml; charset=utf-8");
    }

    @Test
    void responsesAreTurnedToo() throws Exception {
        FakeNext next = FakeNext.answering(
                Response.of(201, Headers.of("content-type", "text/xml", "etag", "\"1\""), Body.of("<a>1</a>")));

        Response response = filter(Way.OFF, Way.XML_TO_JSON)
                .handle(Requests.get("/").header("accept-encoding", "gzip").build(), next);

        assertThat(response.status()).isEqualTo(201);
        assertThat(text(response.body())).isEqualTo("{\"a\":\"1\"}");
        assertThat(response.header("content-type")).isEqualTo("application/json");
        assertThat(response.header("etag")).isEqualTo("W/\"1\"");
        assertThat(next.request().header("accept-encoding")).isEqualTo("identity");
    }

    @Test
    void nullIsNilAndArraysAloneHaveItems() throws Exception {
        FakeNext next = FakeNext.ok();
        toXml(filter(Way.JSON_TO_XML, Way.OFF), "{\"a\":{\"c\":null,\"d\":[],\"e\":[null,true]}}", next);

        assertThat(text(next.request().body()))
                .isEqualTo(
                        HEAD + "<a><c xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"></c><e"
                                + " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
                                + " xsi:nil=\"true\"></e><e>true</e></a>");
        XmlJsonConfig rooted = new XmlJsonConfig(
                Way.JSON_TO_XML,
                Way.OFF,
                List.of(),
                List.of(),
                List.of(),
                Mixed.REFUSE,
                false,
                "all",
                "item",
                new Size(1000),
                100);
        FakeNext rooting = FakeNext.ok();
        toXml(context.create(new XmlJsonFactory(), rooted), "[1,{\"x\":2}]", rooting);
        assertThat(text(rooting.request().body())).isEqualTo(HEAD + "<all><item>1</item><item><x>2</x></item></all>");
    }

    @Test
    void namespacesCanBeDroppedAndTextsJoined() throws Exception {
        FakeNext next = FakeNext.ok();
        Filter filter = context.create(new XmlJsonFactory(), config(Way.XML_TO_JSON, Way.OFF, Mixed.JOIN, true));

        toJson(filter, "<p:a xmlns:p='u' p:x='1'>one<p:c/>two</p:a>", next);

        assertThat(text(next.request().body())).isEqualTo("{\"a\":{\"@x\":\"1\",\"c\":\"\",\"#text\":\"onetwo\"}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<a> | line 1, column",
                "<a>x<b/>y</a> | a text between elements",
                "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a> | a DTD",
                "<a>&b;</a> | no well-formed XML",
                "<a><n>x</n></a> | a text (expected: a number)",
                "<a><t>x</t></a> | a text (expected: true or false)",
                "<a n='x'/> | a text (expected: a number)"
            })
    void badXmlHasItsPlace(String xml, String reason) throws Exception {
        FakeNext next = FakeNext.ok();

        Response response = toJson(filter(Way.XML_TO_JSON, Way.OFF), xml, next);

        assertThat(response.status()).isEqualTo(400);
        assertThat(text(response.body())).contains("xml-invalid", "\"line\":1", reason);
        assertThat(next.calls()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '§',
            value = {
                "[1] | \"pointer\":\"\"",
                "{\"a\":{},\"b\":{}} | \"pointer\":\"\"",
                "{\"a\":{\"b c\":1}} | \"pointer\":\"/a/b c\"",
                "{\"a\":{\"p:b\":1}} | \"pointer\":\"/a/p:b\"",
                "{\"a\":{\"@b\":{}}} | \"pointer\":\"/a/@b\"",
                "{\"a\":{\"b\":[[1]]}} | \"pointer\":\"/a/b/0\"",
                "{\"a\":\"\\u0000\"} | \"pointer\":\"/a\"",
                "{\"a><b\":1} | \"pointer\":\"/a><b\"",
                "{\"a\":{\"@x y='1' z\":1}} | json-mismatch",
                "{\"a\":{\"@xmlns:xml\":\"u\"}} | json-mismatch",
                "{\"a\":{\"@xmlns:p\":\"\"}} | json-mismatch",
                "{\"a\":{\"@xmlns:p\":\"http://www.w3.org/2000/xmlns/\"}} | \"pointer\":\"/a/@xmlns:p\"",
                "{\"a\":{\"@xmlns\":\"http://www.w3.org/XML/1998/namespace\"}} | \"pointer\":\"/a/@xmlns\"",
                "{\"a\":{\"@xmlns:p\":\"u\",\"@p:c\":1,\"@xmlns:q\":\"u\",\"@q:c\":2}} | by another prefix",
                "{\"\u00b5\":1} | json-mismatch",
                "{\"a\":1 | \"line\":1"
            })
    void jsonThatXmlCannotHaveIsRefused(String json, String place) throws Exception {
        FakeNext next = FakeNext.ok();

        Response response = toXml(filter(Way.JSON_TO_XML, Way.OFF), json, next);

        assertThat(response.status()).isEqualTo(400);
        assertThat(text(response.body())).contains(place);
        assertThat(next.calls()).isZero();
    }

    @Test
    void fewBytesOfJsonDoNotBecomeMuchXml() throws Exception {
        String json = "{\"r\":{\"" + "a".repeat(1_000) + "\":[0" + ",0".repeat(400_000) + "]}}";
        FakeNext next = FakeNext.ok();

        Response response = toXml(filter(Way.JSON_TO_XML, Way.OFF), json, next);

        assertThat(response.status()).isEqualTo(400);
        assertThat(text(response.body())).contains("more XML than 8000000 characters");
        assertThat(next.calls()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/octet-stream", "application/grpc+json"})
    void otherTypesPassAsTheyAre(String type) throws Exception {
        FakeNext next = FakeNext.answering(Response.of(200, Headers.of("content-type", type), Body.of("<a")));

        Response response = filter(Way.JSON_TO_XML, Way.XML_TO_JSON)
                .handle(Requests.post("/", "{").header("content-type", type).build(), next);

        assertThat(text(next.request().body())).isEqualTo("{");
        assertThat(text(response.body())).isEqualTo("<a");
    }

    @Test
    void badResponsesAre502() throws Exception {
        FakeNext next = FakeNext.answering(Response.of(200, Headers.of("content-type", "text/xml"), Body.of("<a>")));

        assertThat(filter(Way.OFF, Way.XML_TO_JSON)
                        .handle(Requests.get("/").build(), next)
                        .status())
                .isEqualTo(502);
    }

    @Test
    void doingNothingIsRefused() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> config(Way.OFF, Way.OFF, Mixed.REFUSE, false))
                .withMessageContaining("nothing to do");
    }
}
