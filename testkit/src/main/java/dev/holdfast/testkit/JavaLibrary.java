package dev.holdfast.testkit;

import java.util.HashMap;
import java.util.Map;

/**
 * Classes of the Java library in a {@link HeapBuilder}, with the fields that a release gives them. Made when first asked for.
 */
final class JavaLibrary {
    /** Releases that differ in what strings and collections are made of. */
    enum Release {
        JDK6,
        JDK8,
        JDK17,
        JDK25
    }

    /** In lines of {@code class [extends superclass] [: fields]}; a field is a letter of the JVM's for the type and a name. */
    private static final String EVERY_RELEASE = """
            java.lang.Number
            java.lang.Integer extends java.lang.Number : I value
            java.lang.Long extends java.lang.Number : J value
            java.lang.Short extends java.lang.Number : S value
            java.lang.Byte extends java.lang.Number : B value
            java.lang.Float extends java.lang.Number : F value
            java.lang.Double extends java.lang.Number : D value
            java.lang.Character : C value
            java.lang.Boolean : Z value
            java.util.concurrent.atomic.AtomicInteger extends java.lang.Number : I value
            java.lang.ref.Reference : L referent L queue L next L discovered
            java.lang.ref.WeakReference extends java.lang.ref.Reference
            java.util.AbstractCollection
            java.util.AbstractList extends java.util.AbstractCollection : I modCount
            java.util.AbstractSequentialList extends java.util.AbstractList
            java.util.AbstractQueue extends java.util.AbstractCollection
            java.util.AbstractSet extends java.util.AbstractCollection
            java.util.AbstractMap : L keySet L values
            java.util.Dictionary
            java.util.ArrayList extends java.util.AbstractList : L elementData I size
            java.util.Vector extends java.util.AbstractList : L elementData I elementCount I capacityIncrement
            java.util.Stack extends java.util.Vector
            java.util.Arrays$ArrayList extends java.util.AbstractList : L a
            java.util.concurrent.CopyOnWriteArrayList : L lock L array
            java.util.PriorityQueue extends java.util.AbstractQueue : L queue I size L comparator I modCount
            java.util.ArrayDeque extends java.util.AbstractCollection : L elements I head I tail
            java.util.concurrent.ArrayBlockingQueue extends java.util.AbstractQueue \
                : L items I takeIndex I putIndex I count L lock L notEmpty L notFull
            java.util.concurrent.LinkedBlockingQueue extends java.util.AbstractQueue \
                : I capacity L count L head L last L takeLock L notEmpty L putLock L notFull
            java.util.concurrent.LinkedBlockingQueue$Node : L item L next
            java.util.concurrent.LinkedBlockingDeque extends java.util.AbstractQueue \
                : L first L last I count I capacity L lock L notEmpty L notFull
            java.util.concurrent.LinkedBlockingDeque$Node : L item L prev L next
            java.util.concurrent.ConcurrentLinkedQueue extends java.util.AbstractQueue : L head L tail
            java.util.concurrent.ConcurrentLinkedQueue$Node : L item L next
            java.util.concurrent.ConcurrentSkipListMap extends java.util.AbstractMap : L comparator L head
            java.util.concurrent.ConcurrentSkipListMap$Index : L node L down L right
            java.util.concurrent.ConcurrentSkipListSet extends java.util.AbstractSet : L m
            java.util.HashSet extends java.util.AbstractSet : L map
            java.util.LinkedHashSet extends java.util.HashSet
            java.util.TreeSet extends java.util.AbstractSet : L m
            java.util.TreeMap extends java.util.AbstractMap \
                : L comparator L root I size I modCount L entrySet L navigableKeySet L descendingMap
            java.util.TreeMap$Entry : L key L value L left L right L parent Z color
            java.util.Hashtable extends java.util.Dictionary \
                : L table I count I threshold F loadFactor I modCount L keySet L entrySet L values
            java.util.Hashtable$Entry : I hash L key L value L next
            java.util.WeakHashMap extends java.util.AbstractMap \
                : L table I size I threshold F loadFactor L queue I modCount L entrySet
            java.util.WeakHashMap$Entry extends java.lang.ref.WeakReference : L value I hash L next
            java.util.IdentityHashMap extends java.util.AbstractMap : L table I size I modCount L entrySet
            java.lang.ThreadLocal$ThreadLocalMap : L table I size I threshold
            java.lang.ThreadLocal$ThreadLocalMap$Entry extends java.lang.ref.WeakReference : L value
            java.util.EnumMap extends java.util.AbstractMap : L keyType L keyUniverse L vals I size L entrySet
            java.util.Collections$SetFromMap extends java.util.AbstractSet : L m L s
            java.io.OutputStream
            java.io.ByteArrayOutputStream extends java.io.OutputStream : L buf I count
            java.io.Writer : L writeBuffer L lock
            java.io.CharArrayWriter extends java.io.Writer : L buf I count
            java.util.BitSet : L words I wordsInUse Z sizeIsSticky
            java.lang.StringBuilder extends java.lang.AbstractStringBuilder
            java.lang.StringBuffer extends java.lang.AbstractStringBuilder : L toStringCache
            com.example.Item : I number
            com.example.Holder
            com.example.Rows extends java.util.ArrayList : J version
            com.example.Registry extends java.util.HashMap : Z open
            """;

    private static final String OF_JDK6 = """
            java.lang.String : L value I offset I count I hash
            java.lang.AbstractStringBuilder : L value I count
            java.util.HashMap extends java.util.AbstractMap : L table I size I threshold F loadFactor I modCount L entrySet
            java.util.HashMap$Entry : L key L value L next I hash
            java.util.LinkedHashMap extends java.util.HashMap : L header Z accessOrder
            java.util.LinkedHashMap$Entry extends java.util.HashMap$Entry : L before L after
            java.util.LinkedList extends java.util.AbstractSequentialList : L header I size
            java.util.LinkedList$Entry : L element L next L previous
            java.util.concurrent.PriorityBlockingQueue extends java.util.AbstractQueue : L q L lock L notEmpty
            java.util.concurrent.ConcurrentHashMap extends java.util.AbstractMap \
                : I segmentMask I segmentShift L segments L keySet L entrySet L values
            java.util.concurrent.ConcurrentHashMap$Segment : I count I modCount I threshold L table F loadFactor
            java.util.concurrent.ConcurrentHashMap$HashEntry : L key I hash L value L next
            """;

    private static final String SINCE_JDK8 = """
            java.util.HashMap extends java.util.AbstractMap : L table L entrySet I size I modCount I threshold F loadFactor
            java.util.HashMap$Node : I hash L key L value L next
            java.util.LinkedHashMap extends java.util.HashMap : L head L tail Z accessOrder
            java.util.LinkedHashMap$Entry extends java.util.HashMap$Node : L before L after
            java.util.LinkedList extends java.util.AbstractSequentialList : I size L first L last
            java.util.LinkedList$Node : L item L next L prev
            java.util.concurrent.PriorityBlockingQueue extends java.util.AbstractQueue \
                : L queue I size L comparator L lock L notEmpty I allocationSpinLock L q
            java.util.concurrent.ConcurrentHashMap extends java.util.AbstractMap \
                : L table L nextTable J baseCount I sizeCtl I transferIndex I cellsBusy L counterCells \
                L keySet L values L entrySet
            java.util.concurrent.ConcurrentHashMap$Node : I hash L key L val L next
            java.util.concurrent.ConcurrentHashMap$CounterCell : J value
            java.util.concurrent.ConcurrentHashMap$CollectionView : L map
            java.util.concurrent.ConcurrentHashMap$KeySetView \
                extends java.util.concurrent.ConcurrentHashMap$CollectionView : L value
            """;

    private static final String OLD_SKIP_LIST = """
            java.util.concurrent.ConcurrentSkipListMap$HeadIndex \
                extends java.util.concurrent.ConcurrentSkipListMap$Index : I level
            java.util.concurrent.ConcurrentSkipListMap$Node : L key L value L next
            """;

    private static final String NEW_SKIP_LIST = """
            java.util.concurrent.ConcurrentSkipListMap$Node : L key L val L next
            """;

    private static final Map<Release, String> STRINGS =
            Map.of(Release.JDK8, """
            java.lang.String : L value I hash
            java.lang.AbstractStringBuilder : L value I count
            """, Release.JDK17, """
            java.lang.String : L value I hash B coder Z hashIsZero
            java.lang.AbstractStringBuilder : L value B coder I count
            """, Release.JDK25, """
            java.lang.String : L value I hash B coder Z hashIsZero
            java.lang.AbstractStringBuilder : L value B coder Z maybeLatin1 I count
            """);

    private static final Map<String, HprofType> TYPES = Map.of(
            "L", HprofType.OBJECT,
            "Z", HprofType.BOOLEAN,
            "C", HprofType.CHAR,
            "F", HprofType.FLOAT,
            "D", HprofType.DOUBLE,
            "B", HprofType.BYTE,
            "S", HprofType.SHORT,
            "I", HprofType.INT,
            "J", HprofType.LONG);

    private final HeapBuilder heap;
    private final Release release;
    private final Map<String, String> lines = new HashMap<>();
    private final Map<String, FakeClass> made = new HashMap<>();

    JavaLibrary(HeapBuilder heap, Release release) {
        this.heap = heap;
        this.release = release;
        add(EVERY_RELEASE);
        add(release.compareTo(Release.JDK8) > 0 ? NEW_SKIP_LIST : OLD_SKIP_LIST);
        add(release == Release.JDK6 ? OF_JDK6 : SINCE_JDK8 + STRINGS.getOrDefault(release, ""));
    }

    private void add(String text) {
        text.lines().forEach(line -> lines.put(line.split(" ", 2)[0], line.strip()));
    }

    Release release() {
        return release;
    }

    /** Whether the release has the class. */
    boolean has(String name) {
        return lines.containsKey(name);
    }

    /** The class, with its superclasses and fields. */
    FakeClass get(String name) {
        FakeClass known = made.get(name);
        if (known != null) {
            return known;
        }
        String line = lines.get(name);
        if (line == null) {
            throw new IllegalArgumentException("no " + name + " in " + release);
        }
        String[] halves = line.split(":", 2);
        String[] names = halves[0].strip().split(" +");
        FakeClass type = heap.shared(name);
        if (names.length > 2) {
            type.extending(get(names[2]));
        }
        if (halves.length > 1) {
            String[] words = halves[1].strip().split(" +");
            for (int i = 0; i < words.length; i += 2) {
                type.field(words[i + 1], TYPES.getOrDefault(words[i], HprofType.OBJECT));
            }
        }
        made.put(name, type);
        return type;
    }
}
