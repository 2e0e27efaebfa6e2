/**
 * Contents, snapshots and write-once objects in a bucket of an S3 server, for many nodes at once. Start at
 * {@link dev.lair.storage.s3.S3Storage}; {@code Lives} says why a content that somebody still wants is never lost.
 */
@NullMarked
package dev.lair.storage.s3;

import org.jspecify.annotations.NullMarked;
