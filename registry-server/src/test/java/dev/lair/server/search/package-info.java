/** Search, with and without HTTP; the queries that it is held against are {@code search-queries.txt}. */
@NullMarked
package dev.lair.server.search;

import org.jspecify.annotations.NullMarked;
