package dev.lair.component.wit.resolve;

import dev.lair.component.wit.Place;
import dev.lair.component.wit.WitException;
import java.io.Serial;

/** Texts that are WIT each, but do not make sense together. */
public final class WitResolveException extends WitException {
    @Serial
    private static final long serialVersionUID = 1L;

    WitResolveException(String message, Place place) {
        super(message, place);
    }
}
