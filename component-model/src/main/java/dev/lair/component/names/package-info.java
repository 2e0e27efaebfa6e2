/**
 * Names and versions of the component model: what Explainer.md ("Import and Export Definitions", "Name Uniqueness")
 * and semver.org 2.0.0 allow. Pure values; nothing here knows binaries or WIT text.
 */
@NullMarked
package dev.lair.component.names;

import org.jspecify.annotations.NullMarked;
