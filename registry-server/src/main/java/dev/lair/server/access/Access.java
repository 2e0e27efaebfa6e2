package dev.lair.server.access;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a handler method does. Every one has it: a server with one that has not does not start. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Access {

    /**
     * The act. When the path names a namespace, or a package in one, by the variables {@code namespace} and {@code name}, it is
     * allowed there; otherwise the handler's service asks {@link Rights} itself about what it touches.
     */
    Act value();
}
