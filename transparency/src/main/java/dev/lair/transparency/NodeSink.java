package dev.lair.transparency;

/** Told of every perfect subtree at the moment its last leaf is appended, leaf level first. */
@FunctionalInterface
public interface NodeSink {

    /** The perfect subtree over the leaves {@code [index << level, (index + 1) << level)} now has this root. */
    void node(int level, long index, NodeHash hash);
}
