package dev.lair.component;

/**
 * Whether an {@code if} of some type may go without {@code else} (core specification 3.0, sections 3.4.1 and 5.4.1): it
 * stands for one with an empty {@code else}, which leaves the parameters as they are; so they have to match the results.
 * The validator behind us compares their number only.
 */
final class ElseRule {
    private static final int NULLABLE_REF = 0x63;
    private static final int REF = 0x64;

    /** Abstract heap types, which are value types too and then mean nullable references. */
    private static final int ARRAY = 0x6a;

    private static final int STRUCT = 0x6b;
    private static final int I31 = 0x6c;
    private static final int EQ = 0x6d;
    private static final int ANY = 0x6e;
    private static final int EXTERN = 0x6f;
    private static final int FUNC = 0x70;
    private static final int NONE = 0x71;
    private static final int NO_EXTERN = 0x72;
    private static final int NO_FUNC = 0x73;
    private static final int NO_EXN = 0x74;
    private static final int EXN = 0x69;

    private ElseRule() {}

    /**
     * Whether values of these types may be taken for values of those.
     *
     * @param params parameters of the block, read already: value types that refer to no type index
     * @param results its results, the same
     */
    static boolean mayBeLeftOut(WasmReader params, WasmReader results) throws InvalidWasmException {
        while (params.hasRemaining() && results.hasRemaining()) {
            if (!matches(params, results)) {
                return false;
            }
        }
        return !params.hasRemaining() && !results.hasRemaining();
    }

    private static boolean matches(WasmReader params, WasmReader results) throws InvalidWasmException {
        int given = params.u8();
        int givenHeap = given == NULLABLE_REF || given == REF ? params.u8() : given;
        int wanted = results.u8();
        int wantedHeap = wanted == NULLABLE_REF || wanted == REF ? results.u8() : wanted;
        boolean references = isReference(given) && isReference(wanted);
        return references ? (given == REF || wanted != REF) && heapMatches(givenHeap, wantedHeap) : given == wanted;
    }

    private static boolean isReference(int type) {
        return type == NULLABLE_REF || type == REF || (type >= EXN && type <= NO_EXN);
    }

    /** Subtyping of abstract heap types (section 3.3.3). */
    private static boolean heapMatches(int given, int wanted) {
        return given == wanted
                || switch (wanted) {
                    case ANY -> given == EQ || given == I31 || given == STRUCT || given == ARRAY || given == NONE;
                    case EQ -> given == I31 || given == STRUCT || given == ARRAY || given == NONE;
                    case I31, STRUCT, ARRAY -> given == NONE;
                    case FUNC -> given == NO_FUNC;
                    case EXTERN -> given == NO_EXTERN;
                    case EXN -> given == NO_EXN;
                    default -> false;
                };
    }
}
