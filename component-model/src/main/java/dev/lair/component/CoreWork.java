package dev.lair.component;

/**
 * What checking the core modules of one binary has cost so far, against the limits of checking. A component may hold a
 * thousand modules: a limit for each of them would be none for the binary.
 *
 * <p>What goes beyond a limit ends the check of its module. Nothing is given back, so that the modules behind it are
 * not checked either where they would cost more of the same.
 */
final class CoreWork {
    private long sizeBytes;
    private long typeItems;
    private long operands;
    private long constants;
    private long instructions;
    private long labelSteps;
    private long locals;
    private long operandsProven;

    /** Bytes of a module, or of what one pass of the validator is given of it. */
    void bytes(int count, long at) throws NotCheckableException {
        sizeBytes += count;
        atMost(Limits.CORE_BYTES_CHECKED, sizeBytes, "too many bytes of core modules", at);
    }

    /** Parameters and results of one function type. */
    void typeItems(int count, long at) throws NotCheckableException {
        typeItems += count;
        atMost(Limits.TYPE_ITEMS_CHECKED, typeItems, "function types of too many parameters and results", at);
    }

    /** Operands that one call, block or branch moves. */
    void operands(int count, long at) throws NotCheckableException {
        operands += count;
        atMost(Limits.OPERANDS_CHECKED, operands, "calls and blocks that move too many operands", at);
    }

    /** Instructions of one constant expression. */
    void constants(long count, long at) throws NotCheckableException {
        constants += count;
        atMost(Limits.CONSTANT_INSTRUCTIONS_CHECKED, constants, "too many instructions in constant expressions", at);
    }

    /** One instruction that the validator sees. */
    void instruction(long at) throws NotCheckableException {
        instructions++;
        if (instructions > Limits.INSTRUCTIONS_CHECKED) {
            throw new NotCheckableException("more than " + Limits.INSTRUCTIONS_CHECKED + " instructions", at);
        }
    }

    /** Blocks walked to find one label. */
    void labelSteps(long count, long at) throws NotCheckableException {
        labelSteps += count;
        atMost(Limits.LABEL_STEPS_CHECKED, labelSteps, "branches out of too many blocks", at);
    }

    /** Locals of one function. */
    void locals(long count, long at) throws NotCheckableException {
        locals += count;
        if (locals > Limits.LOCALS_CHECKED) {
            throw new NotCheckableException("more than " + Limits.LOCALS_CHECKED + " locals", at);
        }
    }

    /** Operands that may still be moved by bodies which are proven without the validator. */
    long provableOperands() {
        return Math.max(0, Limits.OPERANDS_PROVEN - operandsProven);
    }

    /** Takes what the bodies of one module have moved of them. */
    void proven(long count) {
        operandsProven += count;
    }

    private static void atMost(long limit, long used, String what, long at) throws NotCheckableException {
        if (used > limit) {
            throw new NotCheckableException(what, at);
        }
    }
}
