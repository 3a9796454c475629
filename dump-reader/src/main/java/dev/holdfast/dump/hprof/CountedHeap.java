package dev.holdfast.dump.hprof;

import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.RootKind;
import dev.holdfast.dump.StreamedTotals;
import dev.holdfast.dump.io.LongList;
import dev.holdfast.dump.io.LongLongMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What counting objects gave, put together: classes, the layout that explains the sampled distances best, and with it the
 * bytes of each class. Used by one thread.
 */
final class CountedHeap {
    /** With more classes, fewer addresses of each are sampled. */
    private static final int MOST_SAMPLED = 1 << 19;

    private static final String STACK_CHUNK = "jdk/internal/vm/StackChunk";

    private final ObjectCounter counted;
    private final List<CountedUnit> units;
    final ClassTable classes;
    final RootRecords roots = new RootRecords();
    /** Addresses by class number, and what follows each in the file. */
    private final LayoutEvidence evidence = new LayoutEvidence();

    private final LongLongMap next = new LongLongMap();
    /** Addresses that are known, sorted unsigned: class objects, sampled objects and what follows them. */
    private long[] known = {};

    /** Class records of an identifier that had one before. */
    final long repeatedClasses;

    /** A counter for a dump whose classes have been named. */
    static ObjectCounter counter(FileLayout layout) {
        int classes = Math.max(1, layout.classIds.size());
        int perClass =
                Math.max(8, Math.min(LayoutEvidence.PER_CLASS, Integer.highestOneBit(MOST_SAMPLED / classes | 1)));
        return new ObjectCounter(layout.idBytes, perClass, stackChunkClass(layout));
    }

    private static long stackChunkClass(FileLayout layout) {
        for (int i = 0; i < layout.classIds.size(); i++) {
            long id = layout.classIds.get(i);
            long name = layout.classNames.get(id, 0);
            if (layout.strings.length(name) == STACK_CHUNK.length()
                    && layout.strings.get(name, "").equals(STACK_CHUNK)) {
                return id;
            }
        }
        return 0;
    }

    /**
     * Puts together what workers counted.
     *
     * @param counters one of each worker; they must not be used afterwards
     * @param units in file order
     */
    static CountedHeap of(FileLayout layout, List<ObjectCounter> counters, List<CountedUnit> units) {
        ObjectCounter all = counter(layout);
        for (ObjectCounter counter : counters) {
            all.merge(counter);
        }
        return new CountedHeap(layout, all, units);
    }

    private CountedHeap(FileLayout layout, ObjectCounter counted, List<CountedUnit> units) {
        this.counted = counted;
        this.units = units;
        joinUnits();
        List<ClassRecord> records = new ArrayList<>();
        for (CountedUnit unit : units) {
            records.addAll(unit.classes);
            roots.addAll(unit.roots);
        }
        LongLongMap met = new LongLongMap();
        long repeated = 0;
        for (ClassRecord record : records) {
            repeated += met.put(record.id, 1) ? 0 : 1;
        }
        repeatedClasses = repeated;
        List<Long> stray = new ArrayList<>();
        counted.instances().forClasses((id, instances, sample) -> stray.add(id));
        LongList ofArrays = counted.arrays().classIds();
        for (int i = 0; i < ofArrays.size(); i++) {
            stray.add(ofArrays.get(i));
        }
        classes = new ClassTable(layout, records, stray);
    }

    /** What follows the last object of a part is the first object of a later one. */
    private void joinUnits() {
        long after = 0;
        for (int i = units.size() - 1; i >= 0; i--) {
            CountedUnit unit = units.get(i);
            if (unit.waiting && after != 0) {
                counted.resolve(unit, after);
            }
            after = unit.firstAddress != 0 ? unit.firstAddress : after;
        }
    }

    long objects() {
        return Arrays.stream(objectsByType()).sum();
    }

    /** Finds the layout. */
    InferredLayout infer(int idBytes, LayoutHints hints, LayoutOverride decided) {
        counted.instances().forClasses((id, instances, sample) -> {
            int number = classes.typeOf(id) - 1;
            if (sample != null && number >= 0) {
                sample.compact();
                for (int i = 0; i < sample.size(); i++) {
                    evidence.instance(number, sample.addressAt(i));
                    next.put(sample.addressAt(i), sample.valueAt(i));
                }
            }
        });
        counted.arrays().addTo(evidence, next);
        LongList addresses = new LongList();
        for (int i = 0; i < classes.classCount(); i++) {
            if (classes.dumped(i)) {
                addresses.add(classes.record(i).id);
            }
        }
        next.forEach((address, follower) -> {
            addresses.add(address);
            addresses.add(follower);
        });
        known = new long[addresses.size()];
        for (int i = 0; i < known.length; i++) {
            known[i] = addresses.get(i) ^ Long.MIN_VALUE;
        }
        Arrays.sort(known);
        return LayoutInference.infer(
                ObjectSizing.shapes(classes), evidence, idBytes, this::nextAddress, hints, decided);
    }

    /**
     * The next address that is known: of a sampled object what follows it in the file, unless a class object lies between,
     * which most writers dump elsewhere. Of class objects it may be too far away.
     */
    private long nextAddress(long address) {
        int at = Arrays.binarySearch(known, address ^ Long.MIN_VALUE);
        int above = at < 0 ? -at - 1 : at + 1;
        while (above < known.length && known[above] == (address ^ Long.MIN_VALUE)) {
            above++;
        }
        if (above >= known.length) {
            return -1;
        }
        return known[above] ^ Long.MIN_VALUE;
    }

    private long[] objectsByType() {
        long[] objects = new long[classes.types().size()];
        counted.instances().forClasses((id, instances, sample) -> objects[classes.typeOf(id)] += instances);
        ArrayTally arrays = counted.arrays();
        for (int i = 0; i < arrays.classIds().size(); i++) {
            long id = arrays.classIds().get(i);
            objects[classes.typeOf(id)] += arrays.objects(arrays.rowOf(id));
        }
        for (int code = BasicType.BOOLEAN; code <= BasicType.LONG; code++) {
            objects[classes.primitiveType(code)] += arrays.objects(ArrayTally.rowOf(code));
        }
        for (int i = 0; i < classes.classCount(); i++) {
            objects[classes.javaLangClass()] += classes.dumped(i) ? 1 : 0;
        }
        return objects;
    }

    /** The bytes of each type, by the same rules as the passes over references. */
    private long[] bytesByType(ObjectSizing sizing, InferredLayout inferred) {
        long[] bytes = new long[classes.types().size()];
        ObjectLayout layout = inferred.layout();
        counted.instances().forClasses((id, instances, sample) -> {
            int type = classes.typeOf(id);
            if (!sizing.individual(type)) {
                bytes[type] += instances * sizing.sizes().of(type, 0);
            } else if (type == classes.javaLangClass()) {
                bytes[type] += instances * inferred.mirrorBase();
            } else if (type - 1 == inferred.stackChunkClass()
                    && StackChunkTally.reaches(sizing.stackChunkSizeField())) {
                bytes[type] +=
                        counted.stackChunks().bytes(sizing.stackChunkSizeField(), inferred.instance(type - 1), layout);
            } else {
                counted.instances()
                        .forLengths(id, (length, n) -> bytes[type] += n * inferred.instanceOfUnknownClass(length));
            }
        });
        ArrayTally arrays = counted.arrays();
        for (int i = 0; i < arrays.classIds().size(); i++) {
            long id = arrays.classIds().get(i);
            int type = classes.typeOf(id);
            bytes[type] += arrayBytes(arrays.rowOf(id), type, sizing);
        }
        for (int code = BasicType.BOOLEAN; code <= BasicType.LONG; code++) {
            int type = classes.primitiveType(code);
            bytes[type] += arrayBytes(ArrayTally.rowOf(code), type, sizing);
        }
        for (int i = 0; i < classes.classCount(); i++) {
            if (classes.dumped(i)) {
                bytes[classes.javaLangClass()] += inferred.mirror(i);
            }
        }
        return bytes;
    }

    private long arrayBytes(int row, int type, ObjectSizing sizing) {
        return counted.arrays()
                .bytes(
                        row,
                        sizing.sizes().base(type),
                        sizing.sizes().width(type),
                        sizing.sizes().alignment());
    }

    /** Types whose sizes could be otherwise if all neighbours were known (hprof.md 2.4). */
    private boolean[] estimated(InferredLayout inferred) {
        boolean[] estimated = new boolean[classes.types().size()];
        Arrays.fill(estimated, inferred.assumed());
        estimated[classes.javaLangClass()] = true;
        for (int i = 0; i < classes.classCount(); i++) {
            estimated[i + 1] |= inferred.sizing(i) != Sizing.RULE && inferred.sizing(i) != Sizing.INDIVIDUAL;
        }
        return estimated;
    }

    /** What there is of each type. */
    List<StreamedTotals.OfType> totals(ObjectSizing sizing, InferredLayout inferred) {
        long[] objects = objectsByType();
        long[] bytes = bytesByType(sizing, inferred);
        boolean[] estimated = estimated(inferred);
        @Nullable String[] loaders = loaderTypes();
        List<StreamedTotals.OfType> all = new ArrayList<>(objects.length);
        for (DumpType type : classes.types()) {
            int i = type.index();
            all.add(new StreamedTotals.OfType(type, objects[i], bytes[i], estimated[i], loaders[i]));
        }
        return all;
    }

    /** Roots and frames with roots by kind; names need the heap and are left out. */
    Map<RootKind, Long> rootsByKind(ThreadTable threads) {
        return RootTable.make(roots, threads, classes, false).countsByKind();
    }

    /** By type the name of its loader's class, as far as the loader is among the sampled objects. */
    private @Nullable String[] loaderTypes() {
        LongLongMap classOf = new LongLongMap();
        for (DumpType type : classes.types()) {
            if (type.loaderAddress() != 0) {
                classOf.put(type.loaderAddress(), 0);
            }
        }
        counted.instances().forClasses((id, instances, sample) -> {
            for (int i = 0; sample != null && i < sample.size(); i++) {
                if (classOf.get(sample.addressAt(i), -1) == 0) {
                    classOf.replace(sample.addressAt(i), classes.typeOf(id));
                }
            }
        });
        @Nullable String[] names = new String[classes.types().size()];
        for (DumpType type : classes.types()) {
            long loader = type.loaderAddress() == 0 ? 0 : classOf.get(type.loaderAddress(), 0);
            names[type.index()] =
                    loader == 0 ? null : classes.types().get((int) loader).name();
        }
        return names;
    }

    /** Records with fewer bytes than their class has fields. */
    long shortInstances() {
        long[] found = {0};
        counted.instances().forClasses((id, instances, sample) -> {
            int needed = classes.shape(classes.typeOf(id)).bytes();
            counted.instances().forLengths(id, (length, n) -> found[0] += length < needed ? n : 0);
        });
        return found[0];
    }
}
