package dev.holdfast.dump.gotypes;

import dev.holdfast.testkit.FuzzTarget;
import java.util.List;

/** Run-time type descriptors: the input is the read-only data that they lie in. */
public final class DescriptorsFuzzer {
    private static final int MOST = 1 << 14;

    private DescriptorsFuzzer() {}

    /** Where the fuzzer starts. */
    public static List<byte[]> seeds() {
        MadeDescriptors made = new MadeDescriptors();
        long item = made.reserve(96);
        long pointer = made.pointer(item);
        long text = made.basic(GoKind.STRING, "string", 16, 8);
        made.struct(item, "leaky/vault", "vault.Item", 24, 16, "next", pointer, 0L, "Label", text, 8L);
        long array = made.basic(GoKind.ARRAY, "[3]*vault.Item", 24, 24);
        made.word(array + 48, pointer);
        made.word(array + 64, 3);
        long map = made.reserve(112);
        made.common(map, GoKind.MAP, 8, 8, "map[string]*vault.Item", 0);
        made.word(map + 48, text);
        made.word(map + 56, pointer);
        made.word(map + 64, item);
        long slice = made.basic(GoKind.SLICE, "[]string", 24, 8);
        made.word(slice + 48, text);
        long channel = made.basic(GoKind.CHAN, "chan string", 8, 8);
        made.word(channel + 48, text);
        made.word(channel + 56, 3);
        long function = made.reserve(96);
        made.common(function, GoKind.FUNC, 8, 8, "func(string) string", 0);
        made.word(function + 48, 1 | 1 << 16);
        made.word(function + 56, text);
        made.word(function + 64, text);
        made.basic(GoKind.INTERFACE, "error", 16, 16);
        MadeDescriptors circle = new MadeDescriptors();
        long itself = circle.reserve(64);
        circle.common(itself, GoKind.POINTER, 8, 8, "*x", 0);
        circle.word(itself + 48, itself);
        return List.of(made.copy(), circle.copy());
    }

    /** Loads what is to be fuzzed, so that no input pays for it. */
    public static void fuzzerInitialize() {
        FuzzTarget.of(DescriptorsFuzzer.class).warmUp();
    }

    /** Asks for a type at every word, and for what it is made of. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length > MOST) {
            return;
        }
        GoTypes types = MadeDescriptors.types(input);
        types.named("leaky/vault.Item");
        for (int i = 0; i < input.length; i += 8) {
            GoType type = types.ofDescriptor(MadeDescriptors.BASE + i);
            for (GoField field : type.fields()) {
                if (field.offset() < 0 || field.offset() > type.size()) {
                    throw new AssertionError("a field outside its struct");
                }
                types.resolve(field.reference());
            }
            GoType element = types.resolve(type.element());
            if (type.kind() == GoKind.ARRAY && element.id() != 0 && type.size() != type.length() * element.size()) {
                throw new AssertionError("an array of another size than its elements");
            }
        }
    }
}
