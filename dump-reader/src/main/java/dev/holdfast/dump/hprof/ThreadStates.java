package dev.holdfast.dump.hprof;

import org.jspecify.annotations.Nullable;

/** The meaning of a thread's status words (hprof.md 4.3). */
final class ThreadStates {
    private ThreadStates() {}

    /** State of a platform thread from the JVMTI bits in {@code threadStatus}. */
    static String ofPlatform(long status) {
        if ((status & 0x2) != 0) {
            return "terminated";
        }
        if ((status & 0x4) != 0) {
            return "runnable";
        }
        if ((status & 0x400) != 0) {
            return "blocked";
        }
        if ((status & 0x20) != 0) {
            return "timed waiting";
        }
        if ((status & 0x10) != 0) {
            return "waiting";
        }
        return (status & 0x1) != 0 ? "runnable" : "new";
    }

    /** Why a platform thread waits, or null. */
    static @Nullable String reasonOfPlatform(long status) {
        if ((status & 0x400) != 0) {
            return "monitor enter";
        }
        if ((status & 0x40) != 0) {
            return "sleeping";
        }
        if ((status & 0x100) != 0) {
            return "Object.wait";
        }
        return (status & 0x200) != 0 ? "parked" : null;
    }

    /** State of a virtual thread; the numbers are those of JDK 21 and later. */
    static String ofVirtual(long state) {
        switch ((int) state & 0xff) {
            case 0:
                return "new";
            case 1:
            case 9:
            case 11:
                return "runnable";
            case 2:
            case 10:
                return "running";
            case 3:
            case 4:
            case 5:
                return "waiting";
            case 6:
            case 7:
            case 8:
                return "timed waiting";
            case 99:
                return "terminated";
            case 12:
            case 13:
                return "blocked";
            case 14:
                return "runnable";
            case 15:
            case 16:
                return "waiting";
            case 17:
            case 18:
                return "timed waiting";
            default:
                return "";
        }
    }

    /** Why a virtual thread waits, or null. */
    static @Nullable String reasonOfVirtual(long state) {
        switch ((int) state & 0xff) {
            case 3:
            case 4:
            case 6:
            case 7:
                return "parked";
            case 5:
            case 8:
                return "parked, pinned";
            case 12:
            case 13:
                return "monitor enter";
            case 15:
            case 16:
            case 17:
            case 18:
                return "Object.wait";
            default:
                return null;
        }
    }
}
