package dev.lair.server.access;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A handler that takes a form of one of our pages. Before it runs, {@link FormGuard} has seen that the form came from there: in a
 * session as every unsafe request by cookie, and also where nobody is asked who they are.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface FormOf {

    /**
     * The path of the page that has the form, with the same variables as the handler's: where somebody goes on who was first sent
     * to log in.
     */
    String value();
}
