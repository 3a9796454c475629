package dev.holdfast.testkit;

import java.util.List;

/** One stack frame of a {@link FakeThread}. */
public final class FakeFrame {
    private static final String SIGNATURE = "()V";

    private final FakeThread thread;
    private final int index;
    private final FakeClass type;
    private final String method;
    private final String sourceFile;
    private final int line;

    FakeFrame(FakeThread thread, int index, FakeClass type, String method, String sourceFile, int line) {
        this.thread = thread;
        this.index = index;
        this.type = type;
        this.method = method;
        this.sourceFile = sourceFile;
        this.line = line;
    }

    /** A local variable that holds the object (JAVA_FRAME). */
    public FakeFrame local(FakeRef target) {
        thread.add(new FakeThread.Local(FakeRoot.JAVA_FRAME, target, index));
        return this;
    }

    /** A JNI local of this frame. */
    public FakeFrame jniLocal(FakeRef target) {
        thread.add(new FakeThread.Local(FakeRoot.JNI_LOCAL, target, index));
        return this;
    }

    /** Appends the frame below this one, its caller if this one was the last. */
    public FakeFrame caller(FakeClass callerType, String callerMethod, String callerSource, int callerLine) {
        return thread.frame(callerType, callerMethod, callerSource, callerLine);
    }

    void names(List<String> into) {
        into.add(method);
        into.add(SIGNATURE);
        into.add(sourceFile);
    }

    void write(HprofWriter out, FakeNames names, long id) {
        out.frame(id, names.id(method), names.id(SIGNATURE), names.id(sourceFile), type.serial(), line);
    }
}
