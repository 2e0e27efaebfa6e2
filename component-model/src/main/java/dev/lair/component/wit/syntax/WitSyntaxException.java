package dev.lair.component.wit.syntax;

import dev.lair.component.wit.Place;
import dev.lair.component.wit.WitException;
import java.io.Serial;

/** A text that the grammar of WIT.md does not have. */
public final class WitSyntaxException extends WitException {
    @Serial
    private static final long serialVersionUID = 1L;

    WitSyntaxException(String message, Place place) {
        super(message, place);
    }
}
