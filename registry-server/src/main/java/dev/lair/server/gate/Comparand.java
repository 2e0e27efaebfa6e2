package dev.lair.server.gate;

import dev.lair.component.binary.ComponentBinary;
import dev.lair.component.validate.ValidatedComponent;
import dev.lair.component.wit.Resolved;
import java.util.List;

/** What of a valid binary is compared with that of another version: types, and no view of its bytes. */
sealed interface Comparand {

    /** Steps of work that checking it took: a measure of its memory. */
    long work();

    /** A WIT package. */
    record WitPackage(Resolved wit, long work) implements Comparand {}

    /** A component; the decoded sections, which are views of a file that may be unmapped, are left behind. */
    record Component(ValidatedComponent types) implements Comparand {

        static Component of(ValidatedComponent component) {
            return new Component(new ValidatedComponent(
                    new ComponentBinary(
                            component.binary().offset(), component.binary().endOffset(), List.of()),
                    component.type(),
                    component.coreTypes(),
                    component.workSteps()));
        }

        @Override
        public long work() {
            return types.workSteps();
        }
    }
}
