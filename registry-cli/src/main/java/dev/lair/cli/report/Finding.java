package dev.lair.cli.report;

/** One thing that was established about a registry, and how firmly. */
public record Finding(Strength strength, String text) {

    /** How a finding is known. */
    public enum Strength {
        /** By a signature, a hash or a Merkle proof. */
        PROVEN,
        /** By the hash chain that ends in something proven; the position in the registry's log is its own word. */
        CHAINED,
        /** Taken on trust: nothing to compare with yet. */
        TRUSTED;

        /** How steps and JSON name it. */
        public String label() {
            return switch (this) {
                case PROVEN -> "proven";
                case CHAINED -> "chained";
                case TRUSTED -> "trusted";
            };
        }
    }

    public static Finding proven(String text) {
        return new Finding(Strength.PROVEN, text);
    }

    public static Finding chained(String text) {
        return new Finding(Strength.CHAINED, text);
    }

    public static Finding trusted(String text) {
        return new Finding(Strength.TRUSTED, text);
    }
}
