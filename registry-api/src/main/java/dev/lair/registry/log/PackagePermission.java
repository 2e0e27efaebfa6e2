package dev.lair.registry.log;

/** What a key may do in a package log. */
public enum PackagePermission implements Permission {
    RELEASE("release", 1),
    YANK("yank", 2);

    private final String label;
    private final int wire;

    PackagePermission(String label, int wire) {
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
