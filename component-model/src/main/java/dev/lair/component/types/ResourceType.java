package dev.lair.component.types;

/**
 * A resource under one of its names. Each import and export of a resource type gives it a name, and whether a type
 * may be
 * exported depends on the name that it was reached by; subtyping looks at the resource alone.
 *
 * @param resource the resource
 * @param name identity of the name
 */
public record ResourceType(Resource resource, Name name) implements AnyType {
    /** Identity of a name. */
    public static final class Name {}

    /** A resource that exists nowhere else, under its first name. */
    public static ResourceType fresh() {
        return new ResourceType(new Resource(), new Name());
    }

    /** The same resource under a new name. */
    public ResourceType renamed() {
        return new ResourceType(resource, new Name());
    }
}
