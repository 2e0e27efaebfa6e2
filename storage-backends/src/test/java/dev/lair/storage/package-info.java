/** The contracts that every backend's tests extend, and what they need. Published as the module's test-jar. */
@NullMarked
package dev.lair.storage;

import org.jspecify.annotations.NullMarked;
