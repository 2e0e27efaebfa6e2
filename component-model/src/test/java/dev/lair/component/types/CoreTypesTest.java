package dev.lair.component.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.component.binary.ComponentLimits;
import dev.lair.component.binary.CoreTypeDef;
import dev.lair.component.binary.CoreValType;
import dev.lair.component.binary.CoreValType.AbstractHeap;
import dev.lair.component.binary.CoreValType.Plain;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CoreTypesTest {
    private final CoreTypes types = new CoreTypes();

    private static CoreValType ref(int index) {
        return new CoreValType.Ref(true, new CoreValType.TypeIndex(index));
    }

    private static CoreTypeDef.SubType struct(boolean isFinal, @Nullable Integer supertype, CoreValType... fields) {
        List<CoreTypeDef.Field> all = Arrays.stream(fields)
                .map(type -> new CoreTypeDef.Field(type, false))
                .toList();
        return new CoreTypeDef.SubType(0, isFinal, supertype, new CoreTypeDef.Struct(all));
    }

    private int group(int base, CoreTypes.Resolver outer, CoreTypeDef.SubType... group) throws TypeException {
        return types.group(new CoreTypeDef.Group(0, List.of(group), true), base, outer);
    }

    private static int none(int index) throws TypeException {
        throw new TypeException("no type " + index);
    }

    @Test
    void groupsThatLookTheSameAreTheSameWhereverTheyStand() throws Exception {
        int first = group(0, CoreTypesTest::none, struct(true, null, ref(1)), struct(true, null, ref(0)));
        int again = group(7, index -> first, struct(true, null, ref(8)), struct(true, null, ref(7)));
        int other = group(0, CoreTypesTest::none, struct(true, null, ref(0)), struct(true, null, ref(1)));

        assertThat(again).isEqualTo(first);
        assertThat(other).isNotEqualTo(first);
        assertThat(types.func(List.of(Plain.I32), List.of())).isEqualTo(types.func(List.of(Plain.I32), List.of()));
    }

    @Test
    void aSubtypeMayStandForItsSupertypes() throws Exception {
        int base = group(0, CoreTypesTest::none, struct(false, null, Plain.I32));
        int middle = group(1, index -> base, struct(false, 0, Plain.I32, Plain.I64));
        int leaf = group(2, index -> index == 0 ? base : middle, struct(true, 1, Plain.I32, Plain.I64));

        assertThat(types.typeMatches(leaf, base)).isTrue();
        assertThat(types.typeMatches(base, leaf)).isFalse();
        assertThat(types.matches(ref(leaf), new CoreValType.Ref(true, AbstractHeap.STRUCT)))
                .isTrue();
        assertThat(types.matches(ref(leaf), new CoreValType.Ref(false, AbstractHeap.ANY)))
                .isFalse();
        assertThat(types.matches(new CoreValType.Ref(false, AbstractHeap.NONE), ref(leaf)))
                .isTrue();
        assertThat(types.matches(new CoreValType.Ref(false, AbstractHeap.NOFUNC), ref(leaf)))
                .isFalse();
    }

    @Test
    void supertypesThatAreFinalDifferentOrUnknownAreRejected() throws Exception {
        int closed = group(0, CoreTypesTest::none, struct(true, null, Plain.I32));
        int open = group(0, CoreTypesTest::none, struct(false, null, Plain.I32));

        assertThatThrownBy(() -> group(1, index -> closed, struct(true, 0, Plain.I32)))
                .hasMessage("sub type cannot have a final super type");
        assertThatThrownBy(() -> group(1, index -> open, struct(true, 0, Plain.I64)))
                .hasMessage("sub type must match super type");
        assertThatThrownBy(() -> group(1, index -> open, struct(true, 1, Plain.I32)))
                .hasMessageContaining("unknown type 1");
        assertThatThrownBy(() -> group(0, CoreTypesTest::none, struct(true, null, ref(1))))
                .hasMessageContaining("unknown type 1");
    }

    @Test
    void chainsOfSubtypesEndAtTheLimit() throws Exception {
        int last = group(0, CoreTypesTest::none, struct(false, null));
        for (int i = 0; i < ComponentLimits.CORE_SUBTYPES; i++) {
            int below = last;
            last = group(1, index -> below, struct(false, 0));
        }
        int below = last;
        assertThatThrownBy(() -> group(1, index -> below, struct(false, 0)))
                .hasMessage("sub types are more than 63 deep");
    }
}
