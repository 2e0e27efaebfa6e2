/**
 * Whether a new version may take the place of an old one on the same version track: for WIT packages, interfaces only
 * gain items under {@code @since} and worlds gain no imports; for components, the new type is a subtype of the old one,
 * names compared on the track. Every difference is reported with its place and whom it breaks. Begin at {@link
 * dev.lair.component.compat.CompatibilityCheck}.
 */
@NullMarked
package dev.lair.component.compat;

import org.jspecify.annotations.NullMarked;
