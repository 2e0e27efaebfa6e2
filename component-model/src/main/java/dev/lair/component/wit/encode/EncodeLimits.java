package dev.lair.component.wit.encode;

/** Limits of encoding. A world repeats the interfaces that it names, so a short text can ask for a large binary. */
final class EncodeLimits {
    /** Bytes of all types of one package; the model takes ten times that. The largest WASI package has an eightieth. */
    static final int TYPE_BYTES = 16 << 20;

    /** Interfaces each using the next; each costs stack. The resolver has the same limit for texts. */
    static final int CHAIN = 1_000;

    private EncodeLimits() {}
}
