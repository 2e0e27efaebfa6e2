package dev.lair.registry.log;

import org.jspecify.annotations.Nullable;

/** Bytes are not a record of protocol version 0; the message says what is wrong with them. */
public final class MalformedRecordException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedRecordException(String rule, @Nullable Throwable cause) {
        super("the record cannot be decoded: " + rule, cause);
    }

    MalformedRecordException(String rule) {
        this(rule, null);
    }
}
