package dev.holdfast.report;

import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A tab of a {@link Chromium}, used as a person would: by looking, clicking and typing. */
final class Tab {
    private final Chromium browser;
    private final String session;

    Tab(Chromium browser, String session) {
        this.browser = browser;
        this.session = session;
    }

    Map<String, ?> call(String method, Map<String, ?> params) {
        return browser.call(method, params, session);
    }

    /** Opens a file and waits until it is loaded. */
    Tab open(Path file) {
        int before = events().size();
        call("Page.navigate", Map.of("url", file.toUri().toString()));
        browser.await(session, before, event -> event.method().equals("Page.loadEventFired"));
        return this;
    }

    /** As if the screen were of this size. */
    Tab sized(int width, int height) {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
        return this;
    }

    /** As if the system's colours were {@code light} or {@code dark}. */
    Tab colours(String scheme) {
        call(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        return this;
    }

    /** The value of a JavaScript expression; numbers are {@code Long} or {@code Double}. */
    @Nullable
    Object eval(String expression) {
        Map<String, ?> answer =
                call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
        if (answer.containsKey("exceptionDetails")) {
            throw new IllegalStateException(expression + ": " + answer.get("exceptionDetails"));
        }
        return Chromium.map(answer.get("result")).get("value");
    }

    String text(String expression) {
        return String.valueOf(eval(expression));
    }

    long number(String expression) {
        Object value = eval(expression);
        if (value instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalStateException(expression + " is " + value);
    }

    boolean is(String expression) {
        return Boolean.TRUE.equals(eval(expression));
    }

    /** Brings an element into view and clicks in its middle. */
    void click(String selector) {
        Object place = eval("(() => { const e = document.querySelector(" + quoted(selector) + ");"
                + " e.scrollIntoView({block: 'center', behavior: 'instant'}); const r = e.getBoundingClientRect();"
                + " return [r.x + r.width / 2, r.y + r.height / 2]; })()");
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
    void press(String key) {
        for (String type : List.of("rawKeyDown", "keyUp")) {
            call("Input.dispatchKeyEvent", Map.of("type", type, "key", key, "code", key));
        }
    }

    /** Types where the focus is. */
    void type(String text) {
        call("Input.insertText", Map.of("text", text));
    }

    /** The first sheet as it would be printed. */
    byte[] pdf() {
        return bytes("Page.printToPDF", Map.of("printBackground", true, "pageRanges", "1"));
    }

    private byte[] bytes(String method, Map<String, ?> params) {
        return Base64.getDecoder().decode(String.valueOf(call(method, params).get("data")));
    }

    /** What the browser told of this tab. */
    List<Chromium.Event> events() {
        return browser.events(session);
    }

    static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
