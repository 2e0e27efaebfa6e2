package dev.lair.registry.log;

/** What a key may do in the operator log. {@link #COMMIT} lets it sign checkpoints and change keys. */
public enum OperatorPermission implements Permission {
    COMMIT("commit", 1),
    DEFINE_NAMESPACE("defineNamespace", 2),
    IMPORT_NAMESPACE("importNamespace", 3);

    private final String label;
    private final int wire;

    OperatorPermission(String label, int wire) {
        this.label = label;
        this.wire = wire;
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public int wireNumber() {
        return wire;
    }
}
