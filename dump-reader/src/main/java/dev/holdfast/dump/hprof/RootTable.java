package dev.holdfast.dump.hprof;

import dev.holdfast.dump.DumpRoots;
import dev.holdfast.dump.DumpRoots.Holder;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.RootKind;
import dev.holdfast.dump.StackFrame;
import java.util.Arrays;

/** Makes roots and holders of root records: frames of a thread become holders below its thread object. */
final class RootTable {
    private final RootRecords records;
    private final ThreadTable threads;
    private final ClassTable classes;
    private final boolean mat;
    private final DumpRoots.Builder builder = new DumpRoots.Builder();

    private RootTable(RootRecords records, ThreadTable threads, ClassTable classes, boolean mat) {
        this.records = records;
        this.threads = threads;
        this.classes = classes;
        this.mat = mat;
    }

    static DumpRoots make(RootRecords records, ThreadTable threads, ClassTable classes, boolean mat) {
        return new RootTable(records, threads, classes, mat).make();
    }

    private DumpRoots make() {
        boolean sticky = false;
        int[] localsOfThread = new int[threads.threads().size() + 1];
        for (int i = 0; i < records.size(); i++) {
            int tag = records.tag(i);
            long address = records.address(i);
            sticky |= tag == Tag.ROOT_STICKY_CLASS;
            int thread = belongsToThread(tag) ? threads.indexOf(records.threadSerial(i)) : -1;
            // The old agent names threads without object by 0, which in MAT is the system class loader.
            if (address == 0 && !mat) {
                continue;
            }
            if (thread < 0 || threads.threads().get(thread).address() == 0) {
                builder.root(kind(tag), address);
            } else if (mat) {
                builder.owned(threads.threads().get(thread).address(), address);
            } else {
                localsOfThread[thread + 1]++;
            }
        }
        if (!sticky) {
            addBootClasses();
        }
        if (!mat) {
            addFrames(localsOfThread);
        }
        return builder.build();
    }

    /** MAT's substitute where a writer names no system classes: all classes of the boot loader but arrays. */
    private void addBootClasses() {
        for (DumpType type : classes.types()) {
            if (type.hasClassObject()
                    && type.loaderAddress() == 0
                    && !type.name().endsWith("[]")) {
                builder.root(RootKind.SYSTEM_CLASS, type.classAddress());
            }
        }
    }

    private void addFrames(int[] starts) {
        for (int t = 1; t < starts.length; t++) {
            starts[t] += starts[t - 1];
        }
        int[] order = new int[starts[starts.length - 1]];
        int[] next = Arrays.copyOf(starts, starts.length);
        for (int i = 0; i < records.size(); i++) {
            int thread = belongsToThread(records.tag(i)) && records.address(i) != 0
                    ? threads.indexOf(records.threadSerial(i))
                    : -1;
            if (thread >= 0 && threads.threads().get(thread).address() != 0) {
                order[next[thread]++] = i;
            }
        }
        for (int thread = 0; thread + 1 < starts.length; thread++) {
            addFrames(thread, order, starts[thread], starts[thread + 1]);
        }
    }

    private void addFrames(int thread, int[] order, int from, int to) {
        long[] keys = new long[to - from];
        for (int i = from; i < to; i++) {
            int record = order[i];
            // Frame, then kind, then file order; frame -1 (no Java frame) comes first.
            keys[i - from] = (records.detail(record) + 1L) << 36
                    | (long) kind(records.tag(record)).ordinal() << 31
                    | (i - from & 0x7fffffffL);
        }
        Arrays.sort(keys);
        long previous = -1;
        int holder = -1;
        for (long key : keys) {
            int record = order[from + (int) (key & 0x7fffffffL)];
            if (holder < 0 || key >>> 31 != previous >>> 31) {
                int frame = records.detail(record);
                StackFrame named = threads.frame(thread, frame);
                String name = named != null ? named.function() : "(native code)";
                holder = builder.holder(new Holder(
                        kind(records.tag(record)),
                        name,
                        DumpRoots.UNDER_OBJECT,
                        threads.threads().get(thread).address(),
                        thread,
                        named != null ? frame : -1));
            }
            previous = key;
            builder.held(holder, records.address(record));
        }
    }

    private static boolean belongsToThread(int tag) {
        return tag == Tag.ROOT_JAVA_FRAME
                || tag == Tag.ROOT_JNI_LOCAL
                || tag == Tag.ROOT_NATIVE_STACK
                || tag == Tag.ROOT_THREAD_BLOCK;
    }

    static RootKind kind(int tag) {
        switch (tag) {
            case Tag.ROOT_STICKY_CLASS:
                return RootKind.SYSTEM_CLASS;
            case Tag.ROOT_THREAD_OBJ:
                return RootKind.THREAD;
            case Tag.ROOT_JAVA_FRAME:
                return RootKind.JAVA_LOCAL;
            case Tag.ROOT_JNI_LOCAL:
                return RootKind.JNI_LOCAL;
            case Tag.ROOT_NATIVE_STACK:
                return RootKind.NATIVE_STACK;
            case Tag.ROOT_THREAD_BLOCK:
                return RootKind.THREAD_BLOCK;
            case Tag.ROOT_JNI_GLOBAL:
                return RootKind.JNI_GLOBAL;
            case Tag.ROOT_MONITOR_USED:
                return RootKind.MONITOR;
            case Tag.ROOT_JNI_MONITOR:
                return RootKind.JNI_MONITOR;
            case Tag.ROOT_INTERNED_STRING:
                return RootKind.INTERNED_STRING;
            case Tag.ROOT_FINALIZING:
                return RootKind.FINALIZING;
            case Tag.ROOT_DEBUGGER:
                return RootKind.DEBUGGER;
            case Tag.ROOT_REFERENCE_CLEANUP:
                return RootKind.REFERENCE_CLEANUP;
            case Tag.ROOT_VM_INTERNAL:
                return RootKind.VM_INTERNAL;
            case Tag.ROOT_UNREACHABLE:
                return RootKind.UNREACHABLE;
            default:
                return RootKind.UNKNOWN;
        }
    }
}
