package dev.holdfast.dump;

/** Kinds of GC roots; where an object has several, the first in this order names it. */
public enum RootKind {
    /** A class of the boot loader, never unloaded. */
    SYSTEM_CLASS("system class"),
    /** A live thread. */
    THREAD("thread"),
    /** A local variable or operand of a Java frame. */
    JAVA_LOCAL("java local"),
    /** A handle in a native frame. */
    JNI_LOCAL("jni local"),
    /** A value on a native stack. */
    NATIVE_STACK("native stack"),
    /** Held by a thread in some other way. */
    THREAD_BLOCK("thread block"),
    /** A global handle of native code or of the virtual machine itself. */
    JNI_GLOBAL("jni global"),
    /** An object whose monitor is in use. */
    MONITOR("monitor"),
    /** An object whose monitor native code holds. */
    JNI_MONITOR("jni monitor"),
    /** A string of the intern table. */
    INTERNED_STRING("interned string"),
    /** Waiting for its finalizer. */
    FINALIZING("finalizing"),
    /** Held by an attached debugger. */
    DEBUGGER("debugger"),
    /** Waiting for reference clean-up. */
    REFERENCE_CLEANUP("reference cleanup"),
    /** Held by the virtual machine. */
    VM_INTERNAL("vm internal"),
    /** A package variable (Go). */
    GLOBAL("global"),
    /** A goroutine, with its frames and their variables below it. */
    GOROUTINE("goroutine"),
    /** A frame of a goroutine or one of its variables. */
    FRAME("frame"),
    /** A queue of finalizers that are to run, or what the finalizer of an unreachable object needs. */
    FINALIZER("finalizer"),
    /** A queue of cleanups that are to run, or what the cleanup of an unreachable object needs. */
    CLEANUP("cleanup"),
    /** A structure of the Go runtime. */
    RUNTIME("runtime"),
    /** A root of which the dump says no more. */
    UNKNOWN("unknown"),
    /** Marked as unreachable by the writer, but recorded as a root. */
    UNREACHABLE("unreachable"),
    /** Stands in for roots that a truncated file lost; an estimate. */
    LOST("(root lost)");

    private final String label;

    RootKind(String label) {
        this.label = label;
    }

    /** The word used in output. */
    public String label() {
        return label;
    }
}
