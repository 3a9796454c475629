package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class HtmlTest {
    @Test
    void markupInTextsAndAttributesIsEscaped() {
        String html = new Html()
                .element("td", "</td><script>&\"'", "title", "\"><img onerror='x'>")
                .toString();
        assertThat(html)
                .isEqualTo("<td title=\"&quot;&gt;&lt;img onerror=&#39;x&#39;&gt;\">"
                        + "&lt;/td&gt;&lt;script&gt;&amp;&quot;&#39;</td>");
    }

    @Test
    void noCharacterThatIsInvisibleOrTurnsTextIsWritten() {
        StringBuilder every = new StringBuilder();
        IntStream.rangeClosed(0, 0x10ffff).forEach(every::appendCodePoint);
        String shown = Html.visible(every.toString());
        assertThat(shown.codePoints().filter(c -> c != '\t' && c != '\n').allMatch(c -> {
                    int kind = Character.getType(c);
                    return c > 0xffff
                            || kind != Character.CONTROL && kind != Character.FORMAT && kind != Character.SURROGATE;
                }))
                .isTrue();
        assertThat(shown)
                .contains("\\u0000", "\\u001b", "\\u009b", "\\u200e", "\\u202e", "\\u2028", "\\u2066", "\\ufeff");
        assertThat(Html.visible("a\ud83d\ude00b\ud83d")).isEqualTo("a\ud83d\ude00b\\ud83d");
        assertThat(new Html().text("a\u202eb").toString()).isEqualTo("a\\u202eb");
    }

    @Test
    void dataCannotEndItsBlock() {
        String html = new Html().data("d", "{\"a\":\"</script><!--\"}").toString();
        assertThat(html)
                .isEqualTo(
                        "<script type=\"application/json\" id=\"d\">{\"a\":\"\\u003c/script>\\u003c!--\"}</script>\n");
    }

    @Test
    void theSizeIsThatOfTheFileOrALittleMore() {
        Html html = new Html().element("p", "漢字 é a \ud83d\ude00").data("d", "\"漢\"");
        int bytes = html.toString().getBytes(StandardCharsets.UTF_8).length;
        assertThat(html.size()).isBetween((long) bytes, bytes + 2L);
    }

    @Test
    void longNamesAreShortenedAfterTheirCharactersAreMadeVisible() {
        String html = new Html().named("td", "\u202e".repeat(10_000)).toString();
        assertThat(html.length()).isLessThan(600);
    }

    @Test
    void elementsThatAreOpenAreNoPage() {
        Html html = new Html().open("p");
        assertThatThrownBy(html::toString).isInstanceOf(IllegalStateException.class);
    }
}
