package dev.sallyport.plugins.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.plugins.mask.Hiding.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FindersTest {

    private static final List<Pattern> ALL = all();

    private static List<Pattern> all() {
        List<Pattern> all = new ArrayList<>();
        for (KnownPattern known : KnownPattern.values()) {
            all.add(new Pattern(
                    known.finder(), new Style.Text("<" + known.finder().name() + ">")));
        }
        all.add(new Pattern(Regex.parse("(?i)ord-[0-9a-f]{4,12}\\b"), new Style.Text("<regex>")));
        return all;
    }

    static String hidden(String text) {
        return TextRewriter.text(text, ALL, _ -> {});
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "##", textBlock = """
        4111111111111111                       ## <card>
        card 4111 1111 1111 1111, thanks       ## card <card>, thanks
        5500-0000-0000-0004                    ## <card>
        378282246310005                        ## <card>
        6011111111111117 and 3530111333300000  ## <card> and <card>
        12 4111 1111 1111 1111 123             ## 12 <card> 123
        卡4111111111111111。                    ## 卡<card>。
        4111111111111112                       ## 4111111111111112
        41111111111111110000000000             ## 41111111111111110000000000
        x4111111111111111                      ## x4111111111111111
        4111111111111111x                      ## 4111111111111111x
        0000000000000000                       ## 0000000000000000
        mail to Jo.Doe+x@mail.example.com.     ## mail to <email>.
        <a@b.co>                               ## <<email>>
        联系a@bücher.example 谢谢               ## 联系<email> 谢谢
        a@b, @b.com, a@.com, a@localhost       ## a@b, @b.com, a@.com, a@localhost
        DE89370400440532013000                 ## <iban>
        GB82 WEST 1234 5698 7654 32!           ## <iban>!
        DE89370400440532013001                 ## DE89370400440532013001
        ssn 123-45-6789 or 123 45 6789         ## ssn <us-ssn> or <us-ssn>
        000-12-3456 666-12-3456 900-12-3456    ## 000-12-3456 666-12-3456 900-12-3456
        123-45 6789 and 123456789              ## 123-45 6789 and 123456789
        call +49 30 901820, (415) 555-2671     ## call <phone>, <phone>
        415-555-2671 1-415-555-2671            ## <phone> <phone>
        2026-11-26T15:00:00 10.20.30.40        ## 2026-11-26T15:00:00 10.20.30.40
        ORD-00ff, ord-12, ORD-0123456789abcdef ## <regex>, ord-12, ORD-0123456789abcdef
        """)
    void findsWhatItKnowsAndLeavesWhatIsLikeIt(String text, String hidden) {
        assertThat(hidden(text)).isEqualTo(hidden);
    }

    @Test
    void findsTheSameWhereverATextIsCut() {
        Random random = new Random(20_261_126);
        for (int n = 0; n < 12; n++) {
            byte[] text = text(random).getBytes(StandardCharsets.UTF_8);
            String whole = new String(rewritten(text, text.length), StandardCharsets.UTF_8);
            for (int cut = 0; cut <= text.length; cut++) {
                assertThat(new String(rewritten(text, cut), StandardCharsets.UTF_8))
                        .as("cut at %d", cut)
                        .isEqualTo(whole);
            }
            assertThat(inParts(text, 1)).isEqualTo(whole);
            assertThat(inParts(text, 7)).isEqualTo(whole);
        }
    }

    private static String text(Random random) {
        String[] parts = {
            "4111 1111 1111 1111", "a@b.example", "DE89 3704 0044 0532 0130 00", "ORD-0123", "123-45-6789", "1", "11 ",
                    "a",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "@", ".", " ", "+49 30 901820", "é", "-", "000000000000000"
        };
        StringBuilder text = new StringBuilder();
        while (text.length() < 1_500) {
            text.append(parts[random.nextInt(parts.length)]);
        }
        return text.toString();
    }

    private static byte[] rewritten(byte[] text, int cut) {
        TextRewriter rewriter = new TextRewriter(ALL, false, _ -> {});
        rewriter.feed(text, 0, cut);
        rewriter.feed(text, cut, text.length);
        rewriter.end();
        return rewriter.out().toArray();
    }

    private static String inParts(byte[] text, int length) {
        TextRewriter rewriter = new TextRewriter(ALL, false, _ -> {});
        for (int i = 0; i < text.length; i += length) {
            rewriter.feed(text, i, Math.min(text.length, i + length));
        }
        rewriter.end();
        return new String(rewriter.out().toArray(), StandardCharsets.UTF_8);
    }

    @Test
    void takesTimeThatGrowsWithTheTextAndNoFaster() {
        for (String evil : List.of("@", "a@", "4", "4 ", "+(", "DE89 ", "a.", "1-", "ord-")) {
            String text = evil.repeat(2_000_000 / evil.length());

            assertThat(hidden(text).length()).isLessThanOrEqualTo(text.length());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a+",
                "a*",
                "(ab){2,}",
                "[0-9]{300}",
                "(a{100}){3}",
                "a?",
                "\\pL{3}",
                "\\Qa\\E",
                "é",
                "(",
                "a{1001}",
                "\\b"
            })
    void refusesRegularExpressionsThatHaveNoBound(String regex) {
        assertThatThrownBy(() -> Regex.parse(regex)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
        abc, 3
        `a{2,5}b?`, 6
        (?i)a|bcd|e{4}, 4
        `(?:[a-z\\]]{3}|(?P<n>x)){2}`, 6
        `[]a]{2}[^]]\\x{41}\\x41\\d\\.`, 7
        ^a$, 1
        `[[:alpha:]]{9}`, 9
        `a{x}`, 4
        """)
    void knowsHowMuchARegularExpressionMatches(String regex, long most) {
        assertThat(new RegexLength(regex).most()).isEqualTo(most);
    }
}
