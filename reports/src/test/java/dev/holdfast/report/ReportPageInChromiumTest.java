package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import dev.holdfast.heap.SnapshotOptions;
import dev.holdfast.testkit.Chromium;
import dev.holdfast.testkit.CommittedDump;
import dev.holdfast.testkit.FakeClass;
import dev.holdfast.testkit.FakeInstance;
import dev.holdfast.testkit.HeapBuilder;
import dev.holdfast.testkit.HprofType;
import dev.holdfast.testkit.JsonText;
import dev.holdfast.testkit.KnownLeaks;
import dev.holdfast.testkit.Tab;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** The page as a browser shows it, looked at and used over Chromium's DevTools protocol. */
@TestInstance(Lifecycle.PER_CLASS)
final class ReportPageInChromiumTest {
    /** Ends a script element, opens another, closes attributes, turns the direction of text, and is long. */
    private static final String EVIL =
            "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'><b>&amp;\u202e\u2066\u200b\u0007";

    private static final String EVIL_TYPE = "com.example.Evil" + EVIL.replace("/", "");
    private static final String LONG_TYPE = "com.example." + "Long".repeat(2_500);

    private Path real = Path.of("");
    private Path hostile = Path.of("");
    private Path go = Path.of("");
    private List<Frame> frames = List.of();
    private @Nullable Chromium browser;
    private @Nullable Tab tab;

    /** Events of the tests before; all tests use one tab, as opening one takes longer than most of them. */
    private int eventsBefore;

    /** A frame of the flame graph as the report's JSON has it. */
    private record Frame(String name, int parent, long bytes, long objects) {}

    @BeforeAll
    void startTheBrowserAndWriteThePages(@TempDir Path folder) throws IOException, InterruptedException {
        Optional<Path> program = Chromium.program();
        assumeTrue(program.isPresent(), Chromium.REASON);
        // Both take their time, side by side less of it.
        CompletableFuture<Void> pages = CompletableFuture.runAsync(() -> writePages(folder));
        browser = Chromium.start(program.get(), Files.createDirectory(folder.resolve("profile")));
        tab = browser.tab();
        pages.join();
    }

    private void writePages(Path folder) {
        try {
            real = page(CommittedDump.JDK17.copyTo(folder), folder.resolve("real.html"));
            hostile = page(hostileDump(folder.resolve("evil.hprof")), folder.resolve("hostile.html"));
            KnownLeaks leaks = KnownLeaks.committed().get(0);
            go = page(leaks.core(), DumpOptions.DEFAULT.withExecutable(leaks.executable()), folder.resolve("go.html"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path page(Path dump, Path file) throws IOException {
        return page(dump, DumpOptions.DEFAULT, file);
    }

    private Path page(Path dump, DumpOptions reading, Path file) throws IOException {
        try (ProfiledHeap heap = ProfiledHeap.open(dump, reading, SnapshotOptions.DEFAULT)) {
            HeapReport report = HeapReport.of(heap.heap(), Progress.NONE);
            StringWriter html = new StringWriter();
            report.writeHtml(html);
            if (frames.isEmpty()) {
                StringWriter json = new StringWriter();
                report.writeJson(json);
                frames = frames(json.toString());
            }
            return Files.writeString(file, html.toString(), StandardCharsets.UTF_8);
        }
    }

    private static List<Frame> frames(String json) throws IOException {
        List<Frame> frames = new ArrayList<>();
        Object graph = Chromium.map(JsonText.parse(json)).get("flame_graph");
        for (Object each :
                (List<?>) Optional.ofNullable(Chromium.map(graph).get("frames")).orElseThrow()) {
            Map<String, ?> frame = Chromium.map(each);
            Object parent = frame.get("parent");
            frames.add(new Frame(
                    String.valueOf(frame.get("name")),
                    parent == null ? -1 : ((Long) parent).intValue(),
                    number(frame.get("retained_bytes")),
                    number(frame.get("objects"))));
        }
        return frames;
    }

    private static long number(@Nullable Object value) {
        return value instanceof Long number ? number : -1;
    }

    private static Path hostileDump(Path file) {
        HeapBuilder heap = new HeapBuilder();
        FakeClass evil = heap.classNamed(EVIL_TYPE).field("field" + EVIL, HprofType.OBJECT);
        FakeClass wide = heap.classNamed(LONG_TYPE).field("f".repeat(10_000), HprofType.OBJECT);
        FakeInstance inner = heap.instance(evil);
        FakeInstance outer = heap.instance(wide).set("f".repeat(10_000), inner);
        evil.staticField(
                "kept",
                heap.array(
                        evil,
                        Stream.generate(() -> heap.instance(evil)).limit(9).toArray(FakeInstance[]::new)));
        evil.staticField("static" + EVIL, heap.instance(evil).set("field" + EVIL, outer));
        heap.thread("thread" + EVIL)
                .frame(evil, "method" + EVIL, "File" + EVIL + ".java", 12)
                .local(heap.instance(evil));
        for (int i = 0; i < 300; i++) {
            FakeClass many = heap.classNamed("com.example." + i + "\u6f22\u202e\"&<".repeat(200));
            many.staticField("kept", heap.instance(many));
        }
        heap.toFile(file);
        return file;
    }

    @AfterAll
    void closeTheBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void asOnALightDesktop() {
        eventsBefore = tab().events().size();
        tab().call("Emulation.setEmulatedMedia", Map.of("media", ""));
        tab().sized(1280, 900).colours("light");
    }

    /** Whatever a test did: nothing was logged, nothing failed, nothing was asked of any network. */
    @AfterEach
    void thePageKeptSilentAndAskedForNothing() {
        List<Chromium.Event> events = tab().events();
        for (Chromium.Event event : events.subList(eventsBefore, events.size())) {
            assertThat(event.method())
                    .as("%s", event)
                    .isNotIn(
                            "Runtime.exceptionThrown",
                            "Runtime.consoleAPICalled",
                            "Log.entryAdded",
                            "Page.javascriptDialogOpening",
                            "Page.windowOpen");
            if (event.method().equals("Network.requestWillBeSent")) {
                String url = String.valueOf(
                        Chromium.map(event.params().get("request")).get("url"));
                assertThat(url).startsWith("file:").endsWith(".html");
            }
        }
    }

    private Tab tab() {
        return Optional.ofNullable(tab).orElseThrow();
    }

    // ---- flame graph

    /** The widest frame with a name of its own, which a person would click. */
    private int widest(int depth) {
        int best = -1;
        for (int i = 0; i < frames.size(); i++) {
            if (depth(i) == depth && (best < 0 || frames.get(i).bytes > frames.get(best).bytes)) {
                best = i;
            }
        }
        return best;
    }

    private int depth(int frame) {
        int depth = 0;
        for (int at = frame; at >= 0; at = frames.get(at).parent) {
            depth++;
        }
        return depth;
    }

    /** The page numbers frames from the one above all, which the JSON leaves out. */
    private static String selector(int frame) {
        return "#frame-" + (frame + 1);
    }

    @Test
    void barsAreAsWideAsWhatTheirFramesRetain() {
        Tab page = tab().open(real);
        long whole = frames.stream()
                .filter(f -> f.parent < 0)
                .mapToLong(Frame::bytes)
                .sum();
        double width = page.number("document.querySelector('#frame-0').offsetWidth");
        int seen = 0;
        for (int i = 0; i < frames.size(); i++) {
            double expected = width * frames.get(i).bytes / whole;
            if (depth(i) <= 3 && expected >= 2) {
                assertThat(page.number("document.querySelector('" + selector(i) + "').offsetWidth"))
                        .as(frames.get(i).toString())
                        .isBetween((long) Math.floor(expected - 1), (long) Math.ceil(expected + 1));
                seen++;
            }
        }
        assertThat(seen).isGreaterThan(5);
    }

    @Test
    void aClickZoomsInAndTheKeyboardZoomsOut() {
        Tab page = tab().open(real);
        int frame = widest(3);
        long before = page.number("document.querySelector('" + selector(frame) + "').offsetWidth");
        page.click(selector(frame));
        assertThat(page.number("+document.querySelector('#flame').dataset.zoom"))
                .isEqualTo(frame + 1L);
        assertThat(page.number("document.querySelector('" + selector(frame) + "').offsetWidth"))
                .isGreaterThan(before)
                .isEqualTo(page.number("document.querySelector('.chart > div').clientWidth"));
        assertThat(page.is("document.querySelector('#frame-0') === null")).isTrue();
        String detail = page.text("document.querySelector('.detail').textContent");
        assertThat(detail)
                .startsWith(Html.visible(frames.get(frame).name))
                .contains(Quantities.bytes(frames.get(frame).bytes) + " retained in "
                        + Quantities.count(frames.get(frame).objects) + " objects");

        page.press("Escape");
        assertThat(page.number("+document.querySelector('#flame').dataset.zoom"))
                .isEqualTo(frames.get(frame).parent + 1L);
        page.press("Home");
        assertThat(page.number("+document.querySelector('#flame').dataset.zoom"))
                .isZero();
        page.press("ArrowDown");
        page.press("ArrowDown");
        page.press("Enter");
        assertThat(page.number("+document.querySelector('#flame').dataset.zoom"))
                .isEqualTo(widest(1) + 1L);
        page.click(".tools button:not(:disabled)");
        assertThat(page.number("+document.querySelector('#flame').dataset.zoom"))
                .isZero();
    }

    @Test
    void theSwitchShowsObjectsInsteadOfBytes() {
        Tab page = tab().open(real);
        int frame = widest(2);
        page.click(".switch label:last-of-type");
        assertThat(page.text("document.querySelector('#flame').dataset.measure"))
                .isEqualTo("objects");
        long whole = frames.stream()
                .filter(f -> f.parent < 0)
                .mapToLong(Frame::objects)
                .sum();
        double width = page.number("document.querySelector('#frame-0').offsetWidth");
        double expected = width * frames.get(frame).objects / whole;
        assertThat((double) page.number("document.querySelector('" + selector(frame) + "').offsetWidth"))
                .isBetween(expected - 1.5, expected + 1.5);
    }

    @Test
    void aSearchMarksMatchesAndSaysTheirShare() {
        Tab page = tab().open(real);
        String wanted = "hashmap";
        long whole = 0;
        long sum = 0;
        int matches = 0;
        for (int i = 0; i < frames.size(); i++) {
            whole += frames.get(i).parent < 0 ? frames.get(i).bytes : 0;
            if (matches(i, wanted)) {
                matches++;
                boolean below = false;
                for (int at = frames.get(i).parent; at >= 0; at = frames.get(at).parent) {
                    below |= matches(at, wanted);
                }
                sum += below ? 0 : frames.get(i).bytes;
            }
        }
        page.eval("document.querySelector('#flame input[type=search]').focus()");
        page.type("HashMap");
        assertThat(page.text("document.querySelector('.found').textContent"))
                .isEqualTo(Quantities.count(matches) + " frames, " + Quantities.bytes(sum) + ", "
                        + Quantities.share(sum, whole) + " of all");
        assertThat(page.number("+document.querySelector('.found').dataset.sum")).isEqualTo(sum);
        assertThat(page.number("document.querySelectorAll('.frame.hit').length"))
                .isBetween(1L, (long) matches);
        assertThat(
                        page.is(
                                "[...document.querySelectorAll('.frame.hit')].every(e => e.getAttribute('role') === 'treeitem')"))
                .isTrue();
        page.click(".tools button:not(:disabled)");
        assertThat(page.number("document.querySelectorAll('.frame.hit').length"))
                .isZero();
    }

    private boolean matches(int frame, String wanted) {
        return frames.get(frame).name.toLowerCase(java.util.Locale.ROOT).contains(wanted);
    }

    // ---- tables

    @Test
    void tablesSortByExactValuesAndFilter() {
        Tab page = tab().open(real);
        String table = "document.querySelector('#histogram table')";
        String values = "[..." + table + ".tBodies[0].rows].map(r => +r.cells[0].dataset.v)";
        String sorted = "(() => { const v = " + values + "; return v.every((x, i) => i === 0 || v[i - 1] SIGN x); })()";
        assertThat(page.is(sorted.replace("SIGN", ">="))).isFalse();
        page.click("#histogram th button");
        assertThat(page.text(table + ".tHead.rows[0].cells[0].getAttribute('aria-sort')"))
                .isEqualTo("descending");
        assertThat(page.is(sorted.replace("SIGN", ">="))).isTrue();
        page.click("#histogram th button");
        assertThat(page.text(table + ".tHead.rows[0].cells[0].getAttribute('aria-sort')"))
                .isEqualTo("ascending");
        assertThat(page.is(sorted.replace("SIGN", "<="))).isTrue();

        long all = page.number(table + ".tBodies[0].rows.length");
        page.eval("document.querySelector('#histogram input[type=search]').focus()");
        page.type("java.util.HashMap");
        long shown = page.number("[..." + table + ".tBodies[0].rows].filter(r => r.offsetHeight > 0).length");
        assertThat(shown)
                .isEqualTo(page.number("[..." + table
                        + ".tBodies[0].rows].filter(r => r.textContent.includes('java.util.HashMap')).length"))
                .isBetween(1L, all - 1);
        assertThat(page.text("document.querySelector('#histogram output').textContent"))
                .isEqualTo(Quantities.count(shown) + " of " + Quantities.count(all) + " rows");
    }

    @Test
    void leakedGoroutinesSortFilterAndShowTheirStacks() {
        Tab page = tab().open(go);
        String rows = "[...document.querySelectorAll('#leaked_goroutines tbody tr')]";
        String most = "Math.max(..." + rows + ".map(r => +r.cells[0].dataset.v))";
        page.click("#leaked_goroutines th button");
        assertThat(page.is("+" + rows + "[0].cells[0].dataset.v === " + most)).isTrue();
        page.eval("document.querySelector('#leaked_goroutines input[type=search]').focus()");
        page.type("Mutex");
        assertThat(page.number(rows + ".filter(r => r.offsetHeight > 0).length"))
                .isEqualTo(page.number(rows + ".filter(r => r.textContent.includes('Mutex')).length"))
                .isBetween(1L, page.number(rows + ".length") - 1);
        String frames = rows + ".find(r => r.offsetHeight > 0).querySelector('ol')";
        assertThat(page.is(frames + ".checkVisibility()")).isFalse();
        page.eval(rows + ".find(r => r.offsetHeight > 0).querySelector('summary').id = 'stack'");
        page.click("#stack");
        assertThat(page.is(frames + ".checkVisibility()")).isTrue();
    }

    @Test
    void theDominatorTableOpensLevelByLevel() {
        Tab page = tab().open(real);
        String below = "document.querySelector('#dominators details:not([open]) > .row:not(summary),"
                + " #dominators details:not([open]) > details')";
        page.eval("window.below = " + below + "; below.parentElement.querySelector('summary').id = 'closed'");
        assertThat(page.is("below.checkVisibility()")).isFalse();
        page.click("#closed");
        assertThat(page.is("below.checkVisibility()")).isTrue();
    }

    // ---- hostile names

    @Test
    void hostileNamesAreText() throws IOException {
        assertThat(Files.size(hostile)).isLessThan(1 << 20);
        Tab page = tab().open(hostile);
        assertThat(page.text("document.querySelector('#histogram tbody').innerText")
                        .lines()
                        .limit(3))
                .anyMatch(line -> line.contains("com.example.Evil<script><script>")
                        && line.contains("<img src=x onerror=alert(2)>\"'><b>&amp;\\u202e\\u2066\\u200b"));
        assertThat(page.number(
                        "document.querySelectorAll('img, b:not(.detail b, .stack b), iframe, [onerror]').length"))
                .isZero();
        assertThat(page.number("document.scripts.length")).isEqualTo(2);
        assertThat(page.is("/[\\u0000-\\u0008\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]/.test("
                        + "document.documentElement.textContent)"))
                .isFalse();
        assertThat(page.number("Math.max(...[...document.querySelectorAll('td, span, b, code')]"
                        + ".filter(e => !e.children.length).map(e => e.textContent.length))"))
                .isLessThanOrEqualTo(700);
        assertThat(page.number("Math.max(...JSON.parse(document.querySelector('#flame-data').textContent)"
                        + ".names.map(n => n.length))"))
                .isLessThanOrEqualTo(6 * FrameNames.MAX_LENGTH);
        // The flame graph shows them as bars and in words.
        page.eval("document.querySelector('#flame input[type=search]').focus()");
        page.type("com.example.Evil<script>");
        assertThat(page.number("document.querySelectorAll('.frame.hit').length"))
                .isPositive();
        page.click(".frame.hit");
        assertThat(page.text("document.querySelector('.detail b').textContent")).contains("<script>alert(1)");
        assertThat(page.number("document.querySelector('.detail b').children.length"))
                .isZero();
    }

    // ---- looks

    @Test
    void darkAndLightColoursHaveContrast() {
        Tab page = tab().open(real);
        for (String scheme : List.of("light", "dark")) {
            page.colours(scheme);
            String luminance = "(c => { const [r, g, b] = c.match(/[\\d.]+/g).map(x => x / 255)"
                    + ".map(x => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);"
                    + " return 0.2126 * r + 0.7152 * g + 0.0722 * b; })";
            String background = "(e => { while (e && /, 0\\)|transparent/.test(getComputedStyle(e).backgroundColor))"
                    + " e = e.parentElement; return getComputedStyle(e || document.body).backgroundColor; })";
            boolean dark = page.is(luminance + "(getComputedStyle(document.body).backgroundColor) < 0.2");
            assertThat(dark).isEqualTo(scheme.equals("dark"));
            // WCAG 2.1, 1.4.3: 4.5 to 1.
            Object poor = page.eval(
                    "[...document.querySelectorAll('p, tr:first-child td, th, h1, h2, nav a, .row:first-child .name, .via, .frame, .switch label, summary')].slice(0, 150)"
                            + ".filter(e => e.textContent && e.offsetHeight > 0).map(e => {"
                            + " const a = " + luminance + "(getComputedStyle(e).color), b = " + luminance + "("
                            + background
                            + "(e)); return [(Math.max(a, b) + .05) / (Math.min(a, b) + .05), e.outerHTML.slice(0, 100)]; })"
                            + ".filter(p => p[0] < 4.5).slice(0, 5)");
            assertThat((List<?>) poor).as(scheme).isEmpty();
        }
    }

    @Test
    void onAPhoneOnlyTablesScrollSideways() {
        for (Path file : List.of(real, hostile, go)) {
            Tab page = tab().sized(390, 844).open(file);
            page.eval("document.querySelectorAll('td details').forEach(e => e.open = true)");
            assertThat(page.number("document.documentElement.scrollWidth")).isLessThanOrEqualTo(390);
            assertThat(page.number("document.querySelectorAll('.frame').length"))
                    .isPositive();
        }
    }

    @Test
    void withoutScriptsTheTablesAreThere() {
        Tab page = tab();
        page.call("Emulation.setScriptExecutionDisabled", Map.of("value", true));
        page.open(real);
        assertThat(page.is("document.documentElement.classList.contains('js')")).isFalse();
        assertThat(page.number("document.querySelectorAll('button, input').length"))
                .isZero();
        assertThat(page.number("document.querySelector('.fallback table').offsetHeight"))
                .isPositive();
        assertThat(page.number("document.querySelectorAll('#histogram tbody tr').length"))
                .isGreaterThan(50);
        String visible = "[...document.querySelectorAll('#dominators .row')].filter(e => e.checkVisibility()).length";
        long before = page.number(visible);
        page.click("#dominators details:not([open]) > summary");
        assertThat(page.number(visible)).isGreaterThan(before);
        page.call("Emulation.setScriptExecutionDisabled", Map.of("value", false));
    }

    @Test
    void onPaperEverythingIsOpenAndControlsAreGone() {
        Tab page = tab().open(real);
        assertThat(new String(page.pdf(), 0, 5, StandardCharsets.US_ASCII)).isEqualTo("%PDF-");
        page.call("Emulation.setEmulatedMedia", Map.of("media", "print"));
        assertThat(page.number("[...document.querySelectorAll('.tools, nav')].filter(e => e.offsetHeight > 0).length"))
                .isZero();
        assertThat(page.is("[...document.querySelectorAll('#dominators .row')].every(e => e.checkVisibility())"))
                .isTrue();
        assertThat(page.is(
                        "[...document.querySelectorAll('.scroll')].every(e => e.clientHeight >= e.scrollHeight - 1)"))
                .isTrue();
    }
}
