package dev.holdfast.dump.hprof;

/** Tags of records and of the sub-records in heap records (hprof.md 1.2, 1.3). */
final class Tag {
    static final int UTF8 = 0x01;
    static final int LOAD_CLASS = 0x02;
    static final int UNLOAD_CLASS = 0x03;
    static final int FRAME = 0x04;
    static final int TRACE = 0x05;
    static final int ALLOC_SITES = 0x06;
    static final int HEAP_SUMMARY = 0x07;
    static final int START_THREAD = 0x0a;
    static final int END_THREAD = 0x0b;
    static final int HEAP_DUMP = 0x0c;
    static final int CPU_SAMPLES = 0x0d;
    static final int CONTROL_SETTINGS = 0x0e;
    static final int HEAP_DUMP_SEGMENT = 0x1c;
    static final int HEAP_DUMP_END = 0x2c;

    static final int ROOT_UNKNOWN = 0xff;
    static final int ROOT_JNI_GLOBAL = 0x01;
    static final int ROOT_JNI_LOCAL = 0x02;
    static final int ROOT_JAVA_FRAME = 0x03;
    static final int ROOT_NATIVE_STACK = 0x04;
    static final int ROOT_STICKY_CLASS = 0x05;
    static final int ROOT_THREAD_BLOCK = 0x06;
    static final int ROOT_MONITOR_USED = 0x07;
    static final int ROOT_THREAD_OBJ = 0x08;
    static final int CLASS_DUMP = 0x20;
    static final int INSTANCE_DUMP = 0x21;
    static final int OBJECT_ARRAY_DUMP = 0x22;
    static final int PRIMITIVE_ARRAY_DUMP = 0x23;
    static final int HEAP_DUMP_INFO = 0xfe;
    static final int ROOT_INTERNED_STRING = 0x89;
    static final int ROOT_FINALIZING = 0x8a;
    static final int ROOT_DEBUGGER = 0x8b;
    static final int ROOT_REFERENCE_CLEANUP = 0x8c;
    static final int ROOT_VM_INTERNAL = 0x8d;
    static final int ROOT_JNI_MONITOR = 0x8e;
    static final int ROOT_UNREACHABLE = 0x90;
    static final int PRIMITIVE_ARRAY_NODATA = 0xc3;

    private Tag() {}

    /** Whether a sub-record is a root. */
    static boolean isRoot(int tag) {
        return tag <= ROOT_THREAD_OBJ || tag >= ROOT_INTERNED_STRING && tag <= ROOT_UNREACHABLE || tag == ROOT_UNKNOWN;
    }
}
