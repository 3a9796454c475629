package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.report.ProfiledHeap.Model;
import dev.holdfast.testkit.FakeArray;
import dev.holdfast.testkit.FakeClass;
import dev.holdfast.testkit.FakeInstance;
import dev.holdfast.testkit.FakeRef;
import dev.holdfast.testkit.FakeRoot;
import dev.holdfast.testkit.FakeThread;
import dev.holdfast.testkit.HeapBuilder;
import dev.holdfast.testkit.HprofType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Profiles of small heaps with one thing to see each. */
class HeapProfilesTest {
    @TempDir
    Path folder = Path.of("");

    private interface Check {
        void check(ProfiledHeap heap, ProfileSet profiles) throws IOException;
    }

    @Test
    void aSharedObjectStandsUnderTheCommonDominatorAsShared() throws IOException {
        HeapBuilder heap = new HeapBuilder();
        FakeClass pair = heap.classNamed("com.example.Pair")
                .field("left", HprofType.OBJECT)
                .field("right", HprofType.OBJECT);
        FakeInstance shared = heap.instance(pair);
        FakeInstance left = heap.instance(pair).set("left", shared);
        FakeInstance right = heap.instance(pair).set("right", shared);
        pair.staticField("TOP", heap.instance(pair).set("left", left).set("right", right));

        check(heap, Model.EXACT, (profiled, set) -> {
            WholeDumpProfilesTest.checkAgainstNaive(profiled);
            assertThat(roots(set).cumulative(0))
                    .containsEntry(
                            List.of(
                                    "system class",
                                    "com.example.Pair",
                                    "class com.example.Pair",
                                    "static TOP com.example.Pair",
                                    "(shared) com.example.Pair"),
                            1L);
        });
    }

    @Test
    void whatTwoRootsHoldStandsUnderSeveralRoots() throws IOException {
        HeapBuilder heap = new HeapBuilder();
        FakeInstance shared = heap.instance(heap.classNamed("com.example.Shared"));
        heap.classNamed("com.example.A").staticField("a", shared);
        heap.classNamed("com.example.B").staticField("b", shared);

        check(heap, Model.EXACT, (profiled, set) -> {
            WholeDumpProfilesTest.checkAgainstNaive(profiled);
            ReadProfile.Sample sample = roots(set).samples().stream()
                    .filter(each -> each.stack().contains("(several roots)"))
                    .findFirst()
                    .orElseThrow();
            assertThat(sample.stack()).containsExactly("(several roots)", "com.example.Shared");
            assertThat(sample.labels())
                    .isEqualTo(Map.of(
                            "type", "com.example.Shared",
                            "root_kind", "(several roots)",
                            "reachability", "strong"));
        });
    }

    @ParameterizedTest
    @EnumSource
    void aReferenceThatDoesNotCountNamesNoFrame(Model model) throws IOException {
        HeapBuilder heap = new HeapBuilder();
        FakeClass reference = heap.shared("java.lang.ref.Reference").field("referent", HprofType.OBJECT);
        FakeClass weak = heap.classNamed("java.lang.ref.WeakReference").extending(reference);
        FakeClass entry = heap.classNamed("com.example.Entry")
                .extending(weak)
                .field("one", HprofType.OBJECT)
                .field("two", HprofType.OBJECT);
        FakeClass step = heap.classNamed("com.example.Step").field("next", HprofType.OBJECT);
        FakeInstance value = heap.instance(step);
        FakeInstance one = heap.instance(step).set("next", value);
        FakeInstance two = heap.instance(step).set("next", value);
        entry.staticField(
                "ENTRY",
                heap.instance(entry).set("referent", value).set("one", one).set("two", two));

        check(heap, model, (profiled, set) -> {
            WholeDumpProfilesTest.checkAgainstNaive(profiled);
            String leaf = model == Model.STRONG ? "(shared) com.example.Step" : "referent com.example.Step";
            assertThat(roots(set).cumulative(0).keySet())
                    .anySatisfy(stack -> assertThat(stack).endsWith("static ENTRY com.example.Entry", leaf));
        });
    }

    @Test
    void aLabelWithMoreThanAThousandValuesIsLeftOutWithAWarning() throws IOException {
        HeapBuilder heap = new HeapBuilder();
        for (int i = 0; i < 1001; i++) {
            heap.classNamed("com.example.Class" + i);
        }

        check(heap, Model.EXACT, (profiled, set) -> {
            ReadProfile roots = roots(set);
            assertThat(roots.samples())
                    .allSatisfy(sample -> assertThat(sample.labels())
                            .doesNotContainKey("root")
                            .containsKeys("type", "root_kind", "reachability"));
            assertThat(roots.total(0)).isEqualTo(profiled.heap().totals().reachableObjects());
            assertThat(set.warnings())
                    .hasSize(1)
                    .allSatisfy(warning -> assertThat(warning).startsWith("roots.pb.gz: label root left out: "));
            assertThat(profiled.summary(set)).contains("label root left out");
        });
    }

    @Test
    void threadsOfAPoolAreOneThread() throws IOException {
        HeapBuilder heap = new HeapBuilder();
        FakeClass main = heap.classNamed("com.example.Main");
        for (int i = 1; i <= 3; i++) {
            FakeThread thread = heap.thread("pool-" + i + "-thread-1");
            thread.frame(main, "run", "Main.java", 10 + i).local(heap.zeros(HprofType.BYTE, 100));
            thread.frame(main, "start", "Main.java", 5);
        }

        check(heap, Model.EXACT, (profiled, set) -> {
            WholeDumpProfilesTest.checkAgainstNaive(profiled);
            List<String> thread = List.of("thread", "pool-#-thread-#");
            List<String> frame =
                    List.of("thread", "pool-#-thread-#", "java.lang.Thread", "com.example.Main.run", "byte[]");
            assertThat(roots(set).cumulative(0)).containsEntry(frame, 3L).containsKey(thread);
            ReadProfile threads = ReadProfile.of(ProfiledHeap.profile(set, "threads.pb.gz"));
            assertThat(threads.samples())
                    .allSatisfy(sample -> assertThat(sample.labels())
                            .containsEntry("thread", "pool-#-thread-#")
                            .containsEntry("kind", "platform")
                            .containsKey("state"))
                    .anySatisfy(sample -> {
                        assertThat(sample.stack())
                                .containsExactly("com.example.Main.start:5", "com.example.Main.run:11");
                        assertThat(sample.values()).containsExactly(1L, 120L);
                    });
            assertThat(threads.total(0)).isEqualTo(3);
            Set<String> inThreads = ReadProfile.of(ProfiledHeap.profile(set, "inuse.pb.gz")).samples().stream()
                    .filter(sample -> sample.stack().contains("byte[]"))
                    .map(sample -> sample.labels().getOrDefault("thread", "") + " "
                            + sample.labels().get("root_kind"))
                    .collect(Collectors.toSet());
            assertThat(inThreads).containsExactly("pool-#-thread-# thread");
        });
    }

    @ParameterizedTest
    @EnumSource
    void namesThatAreEmptyAreShown(Model model) throws IOException {
        HeapBuilder heap = new HeapBuilder();
        FakeClass empty = heap.classNamed("").field("", HprofType.OBJECT);
        empty.staticField("", heap.instance(empty).set("", heap.instance(empty)));
        FakeThread thread = heap.thread("");
        thread.frame(empty, "", "", 0).local(heap.instance(empty));
        heap.root(FakeRoot.JNI_GLOBAL, heap.array(empty));

        check(heap, model, (profiled, set) -> {
            WholeDumpProfilesTest.checkTotals(profiled.heap(), set);
            WholeDumpProfilesTest.checkForm(set);
            assertThat(roots(set).cumulative(0).keySet())
                    .allSatisfy(stack -> assertThat(stack).doesNotContain(""))
                    .contains(
                            // A thread without a name goes by its serial, whose digits are one # as in every name.
                            List.of("thread", "Thread##"),
                            List.of(
                                    "system class",
                                    "unknown-class",
                                    "class unknown-class",
                                    "static ? unknown-class",
                                    "? unknown-class"));
        });
    }

    @Test
    void classLoadersHaveTypeAndNameButNoIdentity() throws IOException {
        HeapBuilder heap = new HeapBuilder();
        FakeClass loaderClass = heap.shared("java.lang.ClassLoader").field("name", HprofType.OBJECT);
        FakeClass own = heap.classNamed("com.example.Loader").extending(loaderClass);
        FakeInstance named = heap.instance(own).set("name", heap.string("plugins"));
        FakeInstance nameless = heap.instance(own);
        for (FakeRef loader : List.of(named, nameless)) {
            FakeClass loaded = heap.classNamed("com.example.Plugin").loadedBy(loader);
            heap.root(FakeRoot.JNI_GLOBAL, heap.instance(loaded));
        }

        check(heap, Model.EXACT, (profiled, set) -> {
            WholeDumpProfilesTest.checkAgainstNaive(profiled);
            Set<String> labels = roots(set).samples().stream()
                    .filter(sample ->
                            "com.example.Plugin".equals(sample.labels().get("type")))
                    .map(sample -> sample.labels().getOrDefault("class_loader", ""))
                    .collect(Collectors.toSet());
            assertThat(labels).containsExactlyInAnyOrder("com.example.Loader \"plugins\"", "com.example.Loader");
        });
    }

    @Test
    void hiddenClassesHaveNoPackageOfTheirOwn() throws IOException {
        HeapBuilder heap = new HeapBuilder();
        FakeClass lambda = heap.classNamed("com.example.Main$$Lambda$14/0x0000000800c03000");
        heap.root(FakeRoot.JNI_GLOBAL, heap.instance(lambda));
        heap.instance(lambda);

        check(heap, Model.EXACT, (profiled, set) -> {
            for (String file : List.of("inuse.pb.gz", "unreachable.pb.gz")) {
                assertThat(ReadProfile.of(ProfiledHeap.profile(set, file))
                                .cumulative(0)
                                .keySet())
                        .as(file)
                        .anySatisfy(
                                stack -> assertThat(stack).endsWith("com", "com.example", "com.example.Main$$Lambda"));
            }
        });
    }

    @Test
    void aHeapWithoutThreadsAndGarbageHasTwoProfiles() throws IOException {
        check(
                new HeapBuilder(),
                Model.EXACT,
                (profiled, set) -> assertThat(set.profiles().stream().map(ProfileSet.Named::fileName))
                        .containsExactly("inuse.pb.gz", "roots.pb.gz"));
    }

    /** Two leaks below one class loader, which is what holds all classes of an application, and a bigger structure of the JDK's. */
    @Test
    void theSummaryNamesPlantedLeaksByClassFieldAndRetainedBytes() throws IOException {
        HeapBuilder heap = new HeapBuilder();
        FakeClass loaderClass = heap.shared("java.lang.ClassLoader")
                .field("name", HprofType.OBJECT)
                .field("classes", HprofType.OBJECT);
        FakeInstance loader =
                heap.instance(heap.classNamed("com.example.Loader").extending(loaderClass));
        FakeClass list = heap.classNamed("java.util.ArrayList").field("elementData", HprofType.OBJECT);
        FakeClass node = heap.classNamed("com.example.Node")
                .field("key", HprofType.OBJECT)
                .field("value", HprofType.OBJECT);
        Consumer<FakeClass> inLoader = type -> type.loadedBy(loader);
        FakeClass small = heap.classNamed("com.example.Sessions");
        FakeClass large = heap.classNamed("com.example.Cache");
        inLoader.accept(small);
        inLoader.accept(large);
        FakeArray[] tables = {leak(heap, node, 300), leak(heap, node, 500)};
        small.staticField("OPEN", heap.instance(list).set("elementData", tables[0]));
        large.staticField("ENTRIES", heap.instance(list).set("elementData", tables[1]));
        FakeArray classes = heap.array(heap.javaLangObject(), small, large);
        loader.set("classes", heap.instance(list).set("elementData", classes));
        heap.root(FakeRoot.JNI_GLOBAL, loader);

        check(heap, Model.EXACT, (profiled, set) -> {
            String text = profiled.summary(set);
            List<String> lines =
                    text.substring(text.indexOf("Largest retainers")).lines().toList();
            String largest = Quantities.bytes(retained(tables[1], 500));
            String second = Quantities.bytes(retained(tables[0], 300));
            assertThat(lines.get(1)).as(text).contains("  " + largest + " (").contains("java.lang.Object[]");
            int next = lines.indexOf(lines.stream()
                    .filter(line -> line.startsWith("  " + second + " ("))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(text)));
            assertThat(lines.subList(2, next))
                    .anySatisfy(line -> assertThat(line).contains("class com.example.Cache"))
                    .anySatisfy(line -> assertThat(line).contains("static ENTRIES java.util.ArrayList"));
            assertThat(lines.subList(next, lines.size()))
                    .anySatisfy(line -> assertThat(line).contains("class com.example.Sessions"))
                    .anySatisfy(line -> assertThat(line).contains("static OPEN java.util.ArrayList"));
        });
    }

    private static FakeArray leak(HeapBuilder heap, FakeClass node, int entries) {
        FakeArray table = heap.arrayOfLength(heap.javaLangObject(), entries);
        for (int i = 0; i < entries; i++) {
            table.set(i, heap.instance(node).set("value", heap.zeros(HprofType.BYTE, 100)));
        }
        return table;
    }

    /** A node takes 12 + 2 * 4 bytes, aligned 24; a byte[100] takes 16 + 100, aligned 120. */
    private static long retained(FakeArray table, int entries) {
        return table.shallowSize() + entries * (24L + 120L);
    }

    private void check(HeapBuilder heap, Model model, Check check) throws IOException {
        Path file = folder.resolve("heap.hprof");
        heap.toFile(file);
        try (ProfiledHeap profiled = ProfiledHeap.open(file, model)) {
            ProfileSet set = profiled.profiles(ProfileLimits.DEFAULT);
            WholeDumpProfilesTest.checkTotals(profiled.heap(), set);
            WholeDumpProfilesTest.checkForm(set);
            check.check(profiled, set);
        }
    }

    private static ReadProfile roots(ProfileSet set) {
        return ReadProfile.of(ProfiledHeap.profile(set, "roots.pb.gz"));
    }
}
