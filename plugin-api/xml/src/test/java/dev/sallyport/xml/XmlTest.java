package dev.sallyport.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.json.BadContentException;
import dev.sallyport.xml.XmlInput.Event;
import dev.sallyport.xml.XmlOutput.UnfitCharacterException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading XML within bounds, and writing it. */
final class XmlTest {

    private static String text(byte[] xml, @Nullable String charset) throws BadContentException {
        XmlInput input = XmlInput.of(xml, charset, 10);
        StringBuilder text = new StringBuilder();
        for (Event event = input.next(); event != Event.DONE; event = input.next()) {
            text.append(input.text());
        }
        return text.toString();
    }

    @Test
    void textIsWholeWhateverItIsMadeOf() throws Exception {
        String xml = "<a>one<!-- no --> &amp; <![CDATA[<two>]]><?no?>&#x41;</a>";

        assertThat(text(xml.getBytes(StandardCharsets.UTF_8), null)).isEqualTo("one & <two>A");
    }

    @ParameterizedTest
    @CsvSource({"UTF-8,", "UTF-16,", "ISO-8859-1,", "ISO-8859-1,iso-8859-1", "UTF-8,utf-8"})
    void charsetsAreTheHeadersOrTheDocumentsOwn(String written, @Nullable String told) throws Exception {
        String xml = "<?xml version='1.0' encoding='" + written + "'?><a>\u00fc</a>";

        assertThat(text(xml.getBytes(Charset.forName(written)), told)).isEqualTo("\u00fc");
        assertThat(text("\ufeff<a>\u00fc</a>".getBytes(StandardCharsets.UTF_8), null))
                .isEqualTo("\u00fc");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<a><b></a>",
                "<a",
                "",
                "<a>&b;</a>",
                "<!DOCTYPE a><a/>",
                "<a/><b/>",
                "<a b='1' b='2'/>",
                "<p:a/>",
                "<a><a><a><a><a><a><a><a><a><a><a/></a></a></a></a></a></a></a></a></a></a>"
            })
    void whatIsNoXmlHasItsPlace(String xml) {
        assertThatExceptionOfType(BadContentException.class)
                .isThrownBy(() -> text(xml.getBytes(StandardCharsets.UTF_8), null))
                .satisfies(e -> assertThat(e.problem().members()).containsKeys("line", "column"));
    }

    @Test
    void anUnknownCharsetIsRefused() {
        assertThatExceptionOfType(BadContentException.class)
                .isThrownBy(() -> text("<a/>".getBytes(StandardCharsets.UTF_8), "klingon"));
    }

    @Test
    void fragmentsStandForThemselves() throws Exception {
        XmlInput input = XmlInput.of(
                "<a xmlns='u' xmlns:p='v'><b p:c='1'><p:d xmlns:p='w'/>x</b></a>".getBytes(StandardCharsets.UTF_8),
                null,
                10);
        input.next();
        input.next();

        assertThat(XmlFragment.element(input))
                .isEqualTo("<b xmlns=\"u\" xmlns:p=\"v\" p:c=\"1\"><p:d xmlns:p=\"w\"></p:d>x</b>");
        assertThat(XmlFragment.checked("a<b/>&amp;", 10)).isEqualTo("a<b></b>&amp;");
        assertThatExceptionOfType(BadContentException.class).isThrownBy(() -> XmlFragment.checked("</w><w>", 10));
    }

    @Test
    void aDeclarationOutsideIsNotHeldForEachFragment() throws Exception {
        String xml = "<a xmlns:p='" + "u".repeat(1_000) + "'>" + "<p:b/>".repeat(10_000) + "</a>";
        XmlInput input = XmlInput.of(xml.getBytes(StandardCharsets.UTF_8), null, 10);
        input.next();

        assertThatExceptionOfType(BadContentException.class)
                .isThrownBy(() -> {
                    while (input.next() == Event.START) {
                        XmlFragment.element(input);
                    }
                })
                .withMessageContaining("declarations of namespaces that repeat too often");
    }

    @Test
    void depthIsBoundedByTheCallerAlone() throws Exception {
        String xml = "<a>".repeat(150) + "</a>".repeat(150);
        XmlInput input = XmlInput.of(xml.getBytes(StandardCharsets.UTF_8), null, 150);
        input.next();
        input.skip();

        assertThat(input.next()).isEqualTo(Event.DONE);
        XmlInput bounded = XmlInput.of(xml.getBytes(StandardCharsets.UTF_8), null, 149);
        assertThatExceptionOfType(BadContentException.class)
                .isThrownBy(() -> {
                    bounded.next();
                    bounded.skip();
                })
                .withMessageContaining("nested deeper than 149");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\u00aa", "\u00b5", "a\u00ba", "-a", "a b", "a:b", "<"})
    void someTextsAreNoNames(String text) {
        assertThat(XmlNames.isName(text)).isFalse();
        assertThat(XmlNames.isName("\u00fca-1._")).isTrue();
    }

    @Test
    void whatIsWrittenIsReadTheSame() throws Exception {
        String text = "<&>\"' \t\n\r \u00fc \ud83d\ude00 ]]>";
        String xml = new XmlOutput()
                .raw("<a")
                .attribute("b", text)
                .raw(">")
                .text(text)
                .raw("</a>")
                .toString();
        XmlInput input = XmlInput.of(xml.getBytes(StandardCharsets.UTF_8), null, 10);
        input.next();

        assertThat(input.attribute(0)).isEqualTo(text);
        input.next();
        assertThat(input.text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "\u0001", "\ud800", "\udc00x", "\uffff"})
    void charactersThatXmlHasNotAreNotWritten(String text) {
        assertThatExceptionOfType(UnfitCharacterException.class).isThrownBy(() -> new XmlOutput().text("a" + text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":[1.10,-0,1E400,true,null,\"x\\\"\"],\"b\":{}}", "12345678901234567890", "\"\""})
    void jsonComesBackAsItWas(String json) throws Exception {
        JsonTrees trees = new JsonTrees(10);

        assertThat(new String(trees.write(trees.read(json.getBytes(StandardCharsets.UTF_8))), StandardCharsets.UTF_8))
                .isEqualTo(json);
    }

    @Test
    void refusesANameThatIsTooLong() throws Exception {
        String json = "{\"%s\":1}";

        assertThat(new JsonTrees(10).read(json.formatted("a".repeat(1_000)).getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(Value.Obj.class);
        assertThatExceptionOfType(BadContentException.class)
                .isThrownBy(() -> new JsonTrees(10)
                        .read(json.formatted("a".repeat(40_000)).getBytes(StandardCharsets.UTF_8)))
                .withMessageContaining("a name that is too long");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[1,]", "{\"a\":1,\"a\":2}", "1 2", "[[[[[[[[[[[1]]]]]]]]]]]", "nul", "\ud83d"})
    void whatIsNoJsonHasItsPlace(String json) {
        assertThatExceptionOfType(BadContentException.class)
                .isThrownBy(() -> new JsonTrees(10).read(json.getBytes(StandardCharsets.UTF_8)))
                .satisfies(e -> assertThat(e.problem().code()).isEqualTo("json-invalid"));
    }
}
