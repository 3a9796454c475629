package dev.holdfast.dump.gotypes;

import dev.holdfast.dump.elf.MadeMemory;
import dev.holdfast.dump.goruntime.GoVersion;
import dev.holdfast.dump.goruntime.ModuleData;
import dev.holdfast.dump.goruntime.RuntimeLayout;
import dev.holdfast.dump.goruntime.StructLayout;
import dev.holdfast.dump.goruntime.UnknownLayoutException;
import dev.holdfast.dump.pclntab.CodeModule;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/** Writes run-time type descriptors as the compiler of Go 1.26 does; offsets are those of go-core.md 3.14. */
final class MadeDescriptors {
    static final long BASE = 0x500000;
    private static final int UNCOMMON = 1;
    private static final int NAMED = 4;

    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    private int end = 64;

    /** A name in its encoding; returns its offset. */
    int name(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int at = end;
        bytes.put(at, (byte) 1);
        bytes.put(at + 1, (byte) (utf8.length & 0x7f | (utf8.length > 127 ? 0x80 : 0)));
        int start = at + 2;
        if (utf8.length > 127) {
            bytes.put(at + 2, (byte) (utf8.length >>> 7));
            start++;
        }
        bytes.put(start, utf8);
        end = start + utf8.length + 7 & -8;
        return at;
    }

    /** Room for a descriptor, so that others can refer to it before it is written. */
    long reserve(int size) {
        end = end + 7 & -8;
        long at = BASE + end;
        end += size;
        return at;
    }

    /** The part that all have. */
    void common(long at, GoKind kind, long size, long pointerBytes, String string, int flags) {
        int i = (int) (at - BASE);
        bytes.putLong(i, size);
        bytes.putLong(i + 8, pointerBytes);
        bytes.put(i + 20, (byte) flags);
        bytes.put(i + 21, (byte) 8);
        bytes.put(i + 22, (byte) 8);
        bytes.put(i + 23, (byte) kind.ordinal());
        bytes.putInt(i + 40, name(string));
    }

    void word(long at, long value) {
        bytes.putLong((int) (at - BASE), value);
    }

    long basic(GoKind kind, String string, long size, long pointerBytes) {
        long at = reserve(80);
        common(at, kind, size, pointerBytes, string, 0);
        return at;
    }

    long pointer(long element) {
        long at = reserve(64);
        common(at, GoKind.POINTER, 8, 8, "*x", 0);
        word(at + 48, element);
        return at;
    }

    /** A struct; each field is a name, a type and an offset. */
    void struct(long at, String path, String string, long size, long pointerBytes, Object... fields) {
        boolean named = !path.isEmpty();
        common(at, GoKind.STRUCT, size, pointerBytes, string, named ? NAMED | UNCOMMON : 0);
        long list = reserve(fields.length * 8);
        word(at + 56, list);
        word(at + 64, fields.length / 3);
        word(at + 72, fields.length / 3);
        for (int i = 0; i < fields.length; i += 3) {
            word(list + i * 8L, BASE + name((String) fields[i]));
            word(list + i * 8L + 8, (Long) fields[i + 1]);
            word(list + i * 8L + 16, (Long) fields[i + 2]);
        }
        if (named) {
            bytes.putInt((int) (at + 80 - BASE), name(path));
        }
    }

    byte[] copy() {
        return Arrays.copyOf(bytes.array(), end);
    }

    GoTypes types() {
        return types(copy());
    }

    static GoTypes types(byte[] image) {
        return new GoTypes(
                MadeMemory.of(BASE, image),
                new NoLayout(),
                Objects.requireNonNull(GoVersion.parse("go1.26.1")),
                List.of(module(image.length)),
                null);
    }

    static RuntimeLayout noLayout() {
        return new NoLayout();
    }

    private static ModuleData module(int length) {
        CodeModule code = new CodeModule(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        return new ModuleData(0, code, 0, 0, 0, 0, BASE, BASE + length, 0, 0, 0, 0, 0, 0);
    }

    /** Of a program that says nothing about its runtime. */
    private static final class NoLayout implements RuntimeLayout {
        @Override
        public StructLayout struct(String name) {
            throw new UnknownLayoutException(name);
        }

        @Override
        public boolean hasStruct(String name) {
            return false;
        }

        @Override
        public long address(String variable) {
            throw new UnknownLayoutException(variable);
        }

        @Override
        public boolean hasAddress(String variable) {
            return false;
        }

        @Override
        public OptionalLong constant(String name) {
            return OptionalLong.empty();
        }
    }
}
