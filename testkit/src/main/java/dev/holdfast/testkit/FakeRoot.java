package dev.holdfast.testkit;

/** The kinds of GC roots with their sub-record tags. */
public enum FakeRoot {
    UNKNOWN(HprofTag.ROOT_UNKNOWN),
    JNI_GLOBAL(HprofTag.ROOT_JNI_GLOBAL),
    JNI_LOCAL(HprofTag.ROOT_JNI_LOCAL),
    JAVA_FRAME(HprofTag.ROOT_JAVA_FRAME),
    NATIVE_STACK(HprofTag.ROOT_NATIVE_STACK),
    STICKY_CLASS(HprofTag.ROOT_STICKY_CLASS),
    THREAD_BLOCK(HprofTag.ROOT_THREAD_BLOCK),
    MONITOR_USED(HprofTag.ROOT_MONITOR_USED),
    THREAD_OBJ(HprofTag.ROOT_THREAD_OBJ),
    INTERNED_STRING(HprofTag.ROOT_INTERNED_STRING),
    FINALIZING(HprofTag.ROOT_FINALIZING),
    DEBUGGER(HprofTag.ROOT_DEBUGGER),
    REFERENCE_CLEANUP(HprofTag.ROOT_REFERENCE_CLEANUP),
    VM_INTERNAL(HprofTag.ROOT_VM_INTERNAL),
    JNI_MONITOR(HprofTag.ROOT_JNI_MONITOR),
    UNREACHABLE(HprofTag.ROOT_UNREACHABLE);

    private final int tag;

    FakeRoot(int tag) {
        this.tag = tag;
    }

    /** The sub-record tag. */
    public int tag() {
        return tag;
    }

    /** Writes the record; what a kind does not have is ignored. */
    void write(HprofWriter out, long object, int threadSerial, int frame) {
        switch (this) {
            case JNI_GLOBAL -> out.rootJniGlobal(object, object + 0x10_0000);
            case JNI_LOCAL -> out.rootJniLocal(object, threadSerial, frame);
            case JAVA_FRAME -> out.rootJavaFrame(object, threadSerial, frame);
            case NATIVE_STACK -> out.rootNativeStack(object, threadSerial);
            case THREAD_BLOCK -> out.rootThreadBlock(object, threadSerial);
            case THREAD_OBJ -> out.rootThreadObject(object, threadSerial, 1);
            case JNI_MONITOR -> out.rootJniMonitor(object, threadSerial, frame);
            default -> out.root(tag, object);
        }
    }
}
