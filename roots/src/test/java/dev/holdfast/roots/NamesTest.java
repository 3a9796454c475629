package dev.holdfast.roots;

import static dev.holdfast.testkit.HprofType.INT;
import static dev.holdfast.testkit.HprofType.OBJECT;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.holdfast.dump.RootKind;
import dev.holdfast.heap.DominatorTree;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.testkit.FakeArray;
import dev.holdfast.testkit.FakeClass;
import dev.holdfast.testkit.FakeInstance;
import dev.holdfast.testkit.FakeRef;
import dev.holdfast.testkit.FakeRoot;
import dev.holdfast.testkit.FakeThread;
import dev.holdfast.testkit.HeapBuilder;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamesTest {
    @TempDir
    Path folder;

    private final HeapBuilder builder = new HeapBuilder();
    private final FakeClass node = builder.classNamed("com.example.Node")
            .field("next", OBJECT)
            .field("other", OBJECT)
            .field("value", INT);

    @Test
    void classThreadAndLoaderHaveNames() throws IOException {
        FakeClass loaderClass = builder.shared("java.lang.ClassLoader").field("name", OBJECT);
        FakeClass own = builder.classNamed("com.example.PluginLoader")
                .extending(loaderClass)
                .field("name", OBJECT);
        FakeInstance loader = builder.instance(own);
        loader.set(loaderClass, "name", builder.string("plugins")).set(own, "name", builder.string("not this one"));
        FakeInstance nameless = builder.instance(own);
        FakeClass plugin = builder.classNamed("com.example.Plugin").loadedBy(loader);
        FakeThread thread = builder.thread("worker-7");
        builder.root(FakeRoot.JNI_GLOBAL, plugin).root(FakeRoot.JNI_GLOBAL, nameless);
        try (HeapSnapshot heap = Heaps.open(builder, folder)) {
            ObjectNames names = ObjectNames.of(heap);

            assertThat(names.nameOf(Heaps.node(heap, plugin))).isEqualTo("com.example.Plugin");
            assertThat(names.label(Heaps.node(heap, plugin))).isEqualTo("class com.example.Plugin");
            assertThat(names.typeName(Heaps.node(heap, plugin))).isEqualTo("java.lang.Class");
            assertThat(names.nameOf(Heaps.node(heap, thread))).isEqualTo("worker-7");
            assertThat(names.nameOf(Heaps.node(heap, loader))).isEqualTo("plugins");
            assertThat(names.loaderLabel(Heaps.node(heap, loader))).isEqualTo("com.example.PluginLoader \"plugins\"");
            assertThat(names.nameOf(Heaps.node(heap, nameless))).isNull();
            assertThat(names.loaderLabel(Heaps.node(heap, nameless))).isEqualTo("com.example.PluginLoader");
            int type = requireNonNull(names.classOf(Heaps.node(heap, plugin))).index();
            assertThat(names.loaderOf(type)).isEqualTo(Heaps.node(heap, loader));
        }
    }

    @Test
    void referencesAreNamedByTheFirstThatLeadsThere() throws IOException {
        FakeInstance a = builder.instance(node);
        FakeInstance b = builder.instance(node);
        a.set("next", b).set("other", b);
        b.set("next", node);
        FakeArray array = builder.array(builder.javaLangObject(), a);
        FakeClass holder = builder.classNamed("com.example.Holder").staticField("LIST", array);
        FakeThread thread = builder.thread("main");
        thread.frame(node, "run", "Node.java", 1).local(a);
        try (HeapSnapshot heap = Heaps.open(builder, folder)) {
            ReferenceNames names = ReferenceNames.of(heap);

            assertThat(via(names, heap, a, b)).isEqualTo("next");
            assertThat(via(names, heap, b, a)).isNull();
            assertThat(via(names, heap, b, node)).isEqualTo(ReferenceNames.CLASS);
            assertThat(via(names, heap, array, a)).isEqualTo("[]");
            assertThat(via(names, heap, holder, array)).isEqualTo("static LIST");
            assertThat(via(names, heap, holder, builder.javaLangObject())).isEqualTo("<super>");
            int frame = heap.graph().objectCount();
            assertThat(names.via(Heaps.node(heap, thread), frame)).isEqualTo(ReferenceNames.LOCAL);
            assertThat(names.via(frame, Heaps.node(heap, a))).isEqualTo("java local");
        }
    }

    @Test
    void referencesBeyondTheSlotsAreReadFromTheDump() throws IOException {
        FakeClass wide = builder.classNamed("com.example.Wide");
        FakeInstance target = builder.instance(node);
        for (int i = 0; i < 300; i++) {
            wide.staticField("f" + i, i == 280 ? target : builder.javaLangObject());
        }
        try (HeapSnapshot heap = Heaps.open(builder, folder)) {
            assertThat(via(ReferenceNames.of(heap), heap, wide, target)).isEqualTo("static f280");
        }
    }

    private static @Nullable String via(ReferenceNames names, HeapSnapshot heap, FakeRef source, FakeRef target) {
        return names.via(Heaps.node(heap, source), Heaps.node(heap, target));
    }

    @Test
    void rootsAreNamedByWhatTheyAre() throws IOException {
        FakeInstance local = builder.instance(node);
        FakeInstance global = builder.instance(node);
        FakeInstance monitor = builder.instance(node);
        FakeThread thread = builder.thread("main");
        thread.frame(node, "run", "Node.java", 1).local(local);
        FakeClass app = builder.classNamed("com.example.App").loadedBy(builder.instance(node));
        builder.root(FakeRoot.JNI_GLOBAL, global)
                .root(FakeRoot.MONITOR_USED, monitor)
                .root(FakeRoot.JNI_GLOBAL, monitor)
                .root(FakeRoot.JNI_GLOBAL, app);
        try (HeapSnapshot heap = Heaps.open(builder, folder)) {
            RootNames names = Heaps.names(heap);

            assertThat(names.of(Heaps.node(heap, node)))
                    .isEqualTo(new RootName(RootKind.SYSTEM_CLASS, "com.example.Node"));
            assertThat(names.of(Heaps.node(heap, thread))).isEqualTo(new RootName(RootKind.THREAD, "main"));
            assertThat(names.of(Heaps.node(heap, global)))
                    .isEqualTo(new RootName(RootKind.JNI_GLOBAL, "com.example.Node"));
            assertThat(names.of(Heaps.node(heap, app))).isEqualTo(new RootName(RootKind.JNI_GLOBAL, "com.example.App"));
            assertThat(names.of(Heaps.node(heap, monitor)).kind()).isEqualTo(RootKind.JNI_GLOBAL);
            int frame = heap.graph().objectCount();
            assertThat(names.of(frame)).isEqualTo(new RootName(RootKind.JAVA_LOCAL, "main > com.example.Node.run"));
            assertThat(names.functionOf(frame)).isEqualTo("com.example.Node.run");
            assertThat(requireNonNull(names.threadOf(frame)).name()).isEqualTo("main");
            assertThat(requireNonNull(names.threadOf(Heaps.node(heap, thread))).name())
                    .isEqualTo("main");
            assertThatIllegalArgumentException().isThrownBy(() -> names.of(Heaps.node(heap, local)));
        }
    }

    @Test
    void theHolderIsTheTopmostDominatorUnlessSeveralRootsHold() throws IOException {
        FakeInstance below = builder.instance(node);
        FakeInstance held = builder.instance(node).set("next", below);
        FakeInstance shared = builder.instance(node);
        FakeInstance belowShared = builder.instance(node);
        shared.set("next", belowShared);
        FakeInstance lost = builder.instance(node);
        FakeClass one = builder.classNamed("One").staticField("x", held).staticField("y", shared);
        builder.classNamed("Two").staticField("y", shared);
        try (HeapSnapshot heap = Heaps.open(builder, folder)) {
            RootNames names = Heaps.names(heap);

            assertThat(names.holderOf(Heaps.node(heap, below))).isEqualTo(new RootName(RootKind.SYSTEM_CLASS, "One"));
            assertThat(names.topmost(Heaps.node(heap, below))).isEqualTo(Heaps.node(heap, one));
            assertThat(names.holderOf(Heaps.node(heap, belowShared))).isNull();
            assertThat(names.topmost(Heaps.node(heap, belowShared))).isEqualTo(Heaps.node(heap, shared));
            assertThat(names.holderOf(Heaps.node(heap, lost))).isNull();
            assertThat(names.topmost(Heaps.node(heap, lost))).isEqualTo(DominatorTree.UNREACHABLE);
            int[] all = names.topmostOfAll();
            assertThat(all).hasSize(heap.graph().nodeCount());
            for (int i = 0; i < all.length; i++) {
                assertThat(all[i]).as("node %d", i).isEqualTo(names.topmost(i));
            }
        }
    }

    @Test
    void anArrayOfManyClassesIsTheArchive() throws IOException {
        FakeRef[] classes = new FakeRef[100];
        FakeRef[] strings = new FakeRef[1024];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = builder.classNamed("Archived" + i);
        }
        for (int i = 0; i < strings.length; i++) {
            strings[i] = builder.string("s" + i);
        }
        FakeArray archive = builder.array(builder.javaLangObject(), classes);
        FakeArray interned = builder.array(builder.javaLangObject(), strings);
        FakeArray few = builder.array(builder.javaLangObject(), classes[0], classes[1]);
        builder.root(FakeRoot.JNI_GLOBAL, archive)
                .root(FakeRoot.JNI_GLOBAL, few)
                .root(FakeRoot.JNI_GLOBAL, interned);
        try (HeapSnapshot heap = Heaps.open(builder, folder)) {
            RootNames names = Heaps.names(heap);

            assertThat(names.of(Heaps.node(heap, archive)).name()).isEqualTo(RootNames.CDS_ARCHIVE);
            assertThat(names.of(Heaps.node(heap, interned)).name()).isEqualTo(RootNames.CDS_ARCHIVE);
            assertThat(names.of(Heaps.node(heap, few)).name()).isEqualTo("java.lang.Object[]");
        }
    }
}
