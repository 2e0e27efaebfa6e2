package dev.lair.server.publish;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.transparency.Digest;

/**
 * A release that somebody asks for without signing a record: the door has checked who it is, and has brought the content
 * here.
 */
public record ReleaseRequest(PackageName packageName, SemVer version, Digest content) {}
