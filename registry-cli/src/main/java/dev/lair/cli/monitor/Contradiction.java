package dev.lair.cli.monitor;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * The registry contradicts itself or its rules, and no later answer can mend that. Carries what proves it.
 */
public final class Contradiction extends Exception {

    private static final long serialVersionUID = 1L;

    /** What was contradicted. */
    public enum Kind {
        /** A log is shorter than it was. */
        REWIND,
        /** Two signed checkpoints of one size with different roots. */
        SPLIT_VIEW,
        /** A log does not start with what it had. */
        FORK,
        /** A checkpoint or one of the trees does not fit the entries. */
        ROOT_MISMATCH,
        /** A record is not the one that its leaf names. */
        WRONG_RECORD,
        /** A record breaks the rules of its log. */
        INVALID_RECORD,
        /** The map that was signed is not the one that the records make. */
        WRONG_MAP,
        /** The evidence log is out of order, or speaks of another log. */
        WRONG_EVIDENCE,
        /** A checkpoint is signed by somebody who may not. */
        WRONG_SIGNER;

        /** How reports and folders name it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** One piece of the proof: the name of its file, and its bytes. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Exhibit(String name, byte[] bytes) {

        static Exhibit text(String name, String text) {
            return new Exhibit(name, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private final Kind kind;
    private final OptionalLong leafIndex;
    private final transient List<Exhibit> exhibits = new ArrayList<>();

    private Contradiction(Kind kind, OptionalLong leafIndex, String what) {
        super(what);
        this.kind = kind;
        this.leafIndex = leafIndex;
    }

    /** A contradiction of a whole log. */
    static Contradiction of(Kind kind, String what) {
        return new Contradiction(kind, OptionalLong.empty(), what);
    }

    /** A contradiction at a leaf of the main log. */
    static Contradiction at(long leafIndex, Kind kind, String what) {
        return new Contradiction(kind, OptionalLong.of(leafIndex), what);
    }

    /** The same with one more piece of proof. */
    Contradiction with(Exhibit exhibit) {
        exhibits.add(exhibit);
        return this;
    }

    public Kind kind() {
        return kind;
    }

    /** The leaf of the main log at which it shows, where there is one. */
    public OptionalLong leafIndex() {
        return leafIndex;
    }

    /** What was contradicted, by what, where. */
    public String text() {
        return String.valueOf(getMessage());
    }

    /** What proves it. */
    public List<Exhibit> exhibits() {
        return List.copyOf(exhibits);
    }
}
