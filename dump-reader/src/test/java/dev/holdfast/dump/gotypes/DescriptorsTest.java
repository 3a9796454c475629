package dev.holdfast.dump.gotypes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class DescriptorsTest {
    private final MadeDescriptors made = new MadeDescriptors();

    /** A list node in a package whose path is longer than its name. */
    private long item() {
        long item = made.reserve(96);
        long pointer = made.pointer(item);
        long text = made.basic(GoKind.STRING, "string", 16, 8);
        made.struct(item, "leaky/vault", "vault.Item", 24, 16, "next", pointer, 0L, "Label", text, 8L);
        return item;
    }

    @Test
    void aNamedTypeHasTheWholePathOfItsPackage() {
        GoType item = typeAt(item());

        assertThat(item.name()).isEqualTo("leaky/vault.Item");
        assertThat(item.kind()).isEqualTo(GoKind.STRUCT);
        assertThat(item.fields()).extracting(GoField::name).containsExactly("next", "Label");
        assertThat(item.fields()).extracting(GoField::offset).containsExactly(0L, 8L);
    }

    @Test
    void unnamedTypesAreNamedByWhatTheyAreMadeOf() {
        long item = item();
        long pointer = made.pointer(item);
        long array = made.basic(GoKind.ARRAY, "[3]*vault.Item", 24, 24);
        made.word(array + 48, pointer);
        made.word(array + 64, 3);
        long map = made.reserve(112);
        made.common(map, GoKind.MAP, 8, 8, "map[string]*vault.Item", 0);
        made.word(map + 48, made.basic(GoKind.STRING, "string", 16, 8));
        made.word(map + 56, pointer);
        made.word(map + 64, item);
        GoTypes types = made.types();

        assertThat(types.ofDescriptor(array).name()).isEqualTo("[3]*leaky/vault.Item");
        assertThat(types.ofDescriptor(array).length()).isEqualTo(3);
        assertThat(types.ofDescriptor(map).name()).isEqualTo("map[string]*leaky/vault.Item");
    }

    @Test
    void aTypeIsOneObjectWhoeverAsks() {
        long item = item();
        GoTypes types = made.types();

        GoType direct = types.ofDescriptor(item);
        GoType pointer = types.resolve(direct.fields().get(0).reference());

        assertThat(types.resolve(pointer.element())).isSameAs(direct);
        assertThat(types.named("leaky/vault.Item")).isSameAs(direct);
    }

    @Test
    void aTypeArgumentKeepsItsOwnPath() {
        assertThat(TypeNames.qualified("a/b", "b.Pair[string,*c/d.T]")).isEqualTo("a/b.Pair[string,*c/d.T]");
        assertThat(TypeNames.qualified("gopkg.in/yaml.v3", "yaml.Node")).isEqualTo("gopkg.in/yaml.v3.Node");
        assertThat(TypeNames.plain("gopkg.in/yaml%2ev3.Node")).isEqualTo("gopkg.in/yaml.v3.Node");
    }

    @Test
    void aPointerToItselfEnds() {
        long pointer = made.reserve(64);
        made.common(pointer, GoKind.POINTER, 8, 8, "*x", 0);
        made.word(pointer + 48, pointer);

        assertThat(typeAt(pointer).kind()).isEqualTo(GoKind.POINTER);
    }

    @Test
    void whatIsNoDescriptorIsUnknown() {
        long item = item();
        GoTypes types = made.types();

        assertThat(types.ofDescriptor(0).id()).isZero();
        assertThat(types.ofDescriptor(item + 4).id()).isZero();
        assertThat(types.ofDescriptor(0x7fff_0000_0000L).id()).isZero();
        assertThat(types.ofDescriptor(-8).id()).isZero();
    }

    @Test
    void forgedDescriptorsGiveATypeThatFitsOrNone() {
        long item = item();
        long array = made.basic(GoKind.ARRAY, "[3]int", 24, 0);
        made.word(array + 48, made.basic(GoKind.INT, "int", 8, 0));
        made.word(array + 64, 3);
        byte[] whole = made.copy();
        int unknown = 0;
        for (int seed = 0; seed < 4000; seed++) {
            Random random = new Random(seed);
            byte[] image = whole.clone();
            for (int i = 0; i < 4; i++) {
                image[random.nextInt(image.length)] = (byte) random.nextInt();
            }
            GoTypes types = MadeDescriptors.types(image);
            for (long at : new long[] {item, array}) {
                GoType type = types.ofDescriptor(at);
                unknown += type.id() == 0 ? 1 : 0;
                for (GoField field : type.fields()) {
                    assertThat(field.offset()).as("seed %d", seed).isBetween(0L, type.size());
                }
                GoType element = types.resolve(type.element());
                if (type.kind() == GoKind.ARRAY && element.id() != 0) {
                    assertThat(type.size()).as("seed %d", seed).isEqualTo(type.length() * element.size());
                }
            }
        }
        assertThat(unknown).isGreaterThan(100);
    }

    private GoType typeAt(long address) {
        return made.types().ofDescriptor(address);
    }
}
