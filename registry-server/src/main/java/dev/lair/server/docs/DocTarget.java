package dev.lair.server.docs;

import org.jspecify.annotations.Nullable;

/**
 * Where a name is defined.
 *
 * @param packageName {@code ns:name}
 * @param version of the package, if it has one
 * @param item interface or world
 * @param anchor inside of the item's page; empty for the item itself
 */
public record DocTarget(String packageName, @Nullable String version, String item, String anchor) {

    /**
     * The place of a type.
     *
     * @param owner {@code ns:pkg/interface@version}, or for an interface that is written out in a world
     *     {@code ns:pkg/world@version import label}
     */
    static @Nullable DocTarget ofType(String owner, String type) {
        int inline = owner.indexOf(' ');
        DocTarget item = ofItem(inline < 0 ? owner : owner.substring(0, inline));
        String prefix = inline < 0 ? "" : owner.substring(inline + 1).replace(' ', '-') + ".";
        return item == null ? null : item.at(prefix + Anchors.type(type));
    }

    /** The place of an interface or world of this qualified name; null when it is none. */
    static @Nullable DocTarget ofItem(String qualified) {
        int slash = qualified.indexOf('/');
        if (slash < 0) {
            return null;
        }
        int at = qualified.indexOf('@', slash);
        return new DocTarget(
                qualified.substring(0, slash),
                at < 0 ? null : qualified.substring(at + 1),
                at < 0 ? qualified.substring(slash + 1) : qualified.substring(slash + 1, at),
                "");
    }

    DocTarget at(String anchor) {
        return new DocTarget(packageName, version, item, anchor);
    }
}
