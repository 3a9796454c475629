package dev.holdfast.testkit;

import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A tab of a {@link Chromium}, used as a person would: by looking, clicking and typing. Used by one thread. */
public final class Tab {
    private final Chromium browser;
    private final String session;

    Tab(Chromium browser, String session) {
        this.browser = browser;
        this.session = session;
    }

    /** Asks for something of the DevTools protocol and waits for the answer. */
    public Map<String, ?> call(String method, Map<String, ?> params) {
        return browser.call(method, params, session);
    }

    /** Opens a file and waits until it is loaded. */
    public Tab open(Path file) {
        int before = events().size();
        // A tab behind another one draws nothing, and takes no clicks.
        call("Page.bringToFront", Map.of());
        call("Page.navigate", Map.of("url", file.toUri().toString()));
        browser.await(session, before, event -> event.method().equals("Page.loadEventFired"));
        return this;
    }

    /**
     * How long the page that is open took to open, both since it was asked for.
     *
     * @param loadedMillis until the handlers of its load event had run
     * @param paintedMillis until anything of it was on the screen
     */
    public record Opening(long loadedMillis, long paintedMillis) {}

    /** The browser's own figures of the page that is open; waits until it has painted. */
    public Opening opening() {
        String painted = "performance.getEntriesByType('paint').find(e => e.name === 'first-paint')";
        eval("new Promise(done => { const look = () => " + painted
                + " && performance.timing.loadEventEnd ? done() : setTimeout(look, 5); look(); })");
        return new Opening(
                number("performance.timing.loadEventEnd - performance.timing.navigationStart"),
                number("Math.round((" + painted + ").startTime)"));
    }

    /** As if the screen were of this size. */
    public Tab sized(int width, int height) {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
        return this;
    }

    /** As if the system's colours were {@code light} or {@code dark}. */
    public Tab colours(String scheme) {
        call(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        return this;
    }

    /** The value of a JavaScript expression; numbers are {@code Long} or {@code Double}. */
    public @Nullable Object eval(String expression) {
        Map<String, ?> answer =
                call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
        if (answer.containsKey("exceptionDetails")) {
            throw new IllegalStateException(expression + ": " + answer.get("exceptionDetails"));
        }
        return Chromium.map(answer.get("result")).get("value");
    }

    /** The value of an expression as text. */
    public String text(String expression) {
        return String.valueOf(eval(expression));
    }

    /** The value of an expression that is a number, cut to a whole one. */
    public long number(String expression) {
        Object value = eval(expression);
        if (value instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalStateException(expression + " is " + value);
    }

    /** Whether an expression is true. */
    public boolean is(String expression) {
        return Boolean.TRUE.equals(eval(expression));
    }

    /** Brings an element into view and clicks in its middle. */
    public void click(String selector) {
        String element = "document.querySelector(" + quoted(selector) + ")";
        eval(element + "?.scrollIntoView({block: 'center', behavior: 'instant'})");
        // A click goes to what was drawn last, so what changed has to be drawn first.
        call("Page.captureScreenshot", Map.of("clip", Map.of("x", 0, "y", 0, "width", 1, "height", 1, "scale", 1)));
        Object place = eval("(() => { const r = " + element + "?.getBoundingClientRect();"
                + " return r && [r.x + r.width / 2, r.y + r.height / 2]; })()");
        List<?> xy = (List<?>) place;
        if (xy == null) {
            throw new IllegalStateException("no " + selector);
        }
        for (String type : List.of("mousePressed", "mouseReleased")) {
            call(
                    "Input.dispatchMouseEvent",
                    Map.of("type", type, "x", xy.get(0), "y", xy.get(1), "button", "left", "clickCount", 1));
        }
    }

    /** Presses and releases a key of that name. */
    public void press(String key) {
        for (String type : List.of("rawKeyDown", "keyUp")) {
            call("Input.dispatchKeyEvent", Map.of("type", type, "key", key, "code", key));
        }
    }

    /** Types where the focus is. */
    public void type(String text) {
        call("Input.insertText", Map.of("text", text));
    }

    /** The first sheet as it would be printed. */
    public byte[] pdf() {
        return bytes("Page.printToPDF", Map.of("printBackground", true, "pageRanges", "1"));
    }

    private byte[] bytes(String method, Map<String, ?> params) {
        return Base64.getDecoder().decode(String.valueOf(call(method, params).get("data")));
    }

    /** What the browser told of this tab. */
    public List<Chromium.Event> events() {
        return browser.events(session);
    }

    /** A text as JavaScript has it. */
    public static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
