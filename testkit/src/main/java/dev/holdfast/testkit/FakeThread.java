package dev.holdfast.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A thread of a {@link HeapBuilder}: its object, its frames (top first) and their locals. */
public final class FakeThread implements FakeRef {
    record Local(FakeRoot kind, FakeRef target, int frame) {}

    private final FakeInstance object;
    private final int serial;
    private final List<FakeFrame> frames = new ArrayList<>();
    private final List<Local> locals = new ArrayList<>();

    FakeThread(FakeInstance object, int serial) {
        this.object = object;
        this.serial = serial;
    }

    /** Appends the next frame, from the top of the stack down. */
    public FakeFrame frame(FakeClass type, String method, String sourceFile, int line) {
        FakeFrame frame = new FakeFrame(this, frames.size(), type, method, sourceFile, line);
        frames.add(frame);
        return frame;
    }

    /** A JNI local of no frame (frame number -1). */
    public FakeThread jniLocal(FakeRef target) {
        locals.add(new Local(FakeRoot.JNI_LOCAL, target, -1));
        return this;
    }

    /** The thread's object, for its fields. */
    public FakeInstance object() {
        return object;
    }

    /** Sets the field {@code threadStatus}: 0x5 runnable, 0x401 blocked, 0x291 parked, 0x191 in Object.wait, 0xe1 sleeping. */
    public FakeThread status(int threadStatus) {
        object.set("threadStatus", threadStatus);
        return this;
    }

    @Override
    public long address() {
        return object.address();
    }

    /** The thread serial number in THREAD_OBJ and locals. */
    public int serial() {
        return serial;
    }

    /** The serial of its TRACE, one more than the thread's as in HotSpot's dumps. */
    public int traceSerial() {
        return serial + 1;
    }

    List<FakeFrame> frames() {
        return Collections.unmodifiableList(frames);
    }

    void add(Local local) {
        locals.add(local);
    }

    void writeTrace(HprofWriter out, FakeNames names, long firstFrameId) {
        long[] ids = new long[frames.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = firstFrameId + i;
            frames.get(i).write(out, names, ids[i]);
        }
        out.trace(traceSerial(), serial, ids);
    }

    void writeRoots(HprofWriter out) {
        out.rootThreadObject(address(), serial, traceSerial());
        for (Local local : locals) {
            local.kind.write(out, local.target.address(), serial, local.frame);
        }
    }
}
