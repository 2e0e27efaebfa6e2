package dev.lair.component.types;

/** A resource type's identity: two are the same only when they are the same object. */
public final class Resource {}
