package dev.holdfast.report;

import dev.holdfast.dump.StackFrame;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much of a call stack Go's runtime keeps in a profile of goroutines: 32 frames from the leaf up to Go 1.22, 128 from
 * then on; up to 1.20 a call that was inlined was no frame of its own. Immutable.
 *
 * @param frames how many
 * @param inlinedCount whether inlined calls count
 */
record ProfiledDepth(int frames, boolean inlinedCount) {
    private static final Pattern RELEASE = Pattern.compile("go1\\.(\\d{1,4})");
    private static final int FIRST_WITH_INLINED = 21;
    private static final int FIRST_DEEP = 23;
    private static final int SHALLOW = 32;

    /** Of a runtime as a dump names it; of an unknown one as it is today. */
    static ProfiledDepth of(String runtime) {
        Matcher release = RELEASE.matcher(runtime);
        int minor = release.find() ? Integer.parseInt(release.group(1)) : FIRST_DEEP;
        return new ProfiledDepth(minor < FIRST_DEEP ? SHALLOW : ProfileLimits.MAX_DEPTH, minor >= FIRST_WITH_INLINED);
    }

    /** The part of a stack that is kept, leaf first. */
    List<StackFrame> cut(List<StackFrame> stack) {
        int kept = 0;
        for (int i = 0; i < stack.size(); i++) {
            kept += inlinedCount || !stack.get(i).inlined() ? 1 : 0;
            if (kept == frames) {
                return stack.subList(0, i + 1);
            }
        }
        return stack;
    }
}
