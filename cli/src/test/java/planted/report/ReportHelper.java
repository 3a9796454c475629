package planted.report;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import planted.dump.hprof.HprofThatKnowsElf;
import planted.heap.HeapObject;

/** Breaks what is left: its name, a format, a registry, a list of handles, printing, ending the JVM. */
public final class ReportHelper {
    static final HashMap<String, String> REGISTRY = new HashMap<>();

    static int counter;

    final List<HeapObject> handles = List.of();
    final Map<String, List<HeapObject>> handlesByName = Map.of();
    final HeapObject[] handleArray = {};

    /** Prints and ends the JVM. */
    public void print(HprofThatKnowsElf format) {
        System.out.println(format.hashCode());
        System.exit(counter);
    }
}
