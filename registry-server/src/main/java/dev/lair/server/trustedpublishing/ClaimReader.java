package dev.lair.server.trustedpublishing;

import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads claims into types. A claim that is missing or of another type is named; that is a refusal of the token and never a
 * fault of the registry.
 */
final class ClaimReader {

    /** Ids of repositories and owners: numbers, sent as text. */
    private static final Pattern ID = Pattern.compile("[0-9]{1,20}");

    private final ObjectNode claims;

    ClaimReader(ObjectNode claims) {
        this.claims = claims;
    }

    /** A text that must be there. */
    String text(String claim) throws ExchangeRefused {
        String value = optionalText(claim);
        if (value == null) {
            throw missing(claim);
        }
        return value;
    }

    /** A text, or null when there is none; forges leave a claim out, or send null or an empty text. */
    @Nullable
    String optionalText(String claim) throws ExchangeRefused {
        JsonNode value = claims.get(claim);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw ExchangeRefused.malformed("the claim " + claim + " is no text");
        }
        return value.stringValue().isEmpty() ? null : printable(claim, value.stringValue());
    }

    /** A text of this form. */
    String text(String claim, Pattern form, String rule) throws ExchangeRefused {
        String value = text(claim);
        if (!form.matcher(value).matches()) {
            throw ExchangeRefused.malformed("the claim " + claim + " is not " + rule);
        }
        return value;
    }

    /** A number that is sent as text, as {@code "65"}. */
    String id(String claim) throws ExchangeRefused {
        return text(claim, ID, "a number in a text, like \"65\"");
    }

    /** {@code true} or {@code "true"}; false when it is missing. */
    boolean flag(String claim) throws ExchangeRefused {
        JsonNode value = claims.get(claim);
        if (value == null || value.isNull()) {
            return false;
        }
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        String text = value.isString() ? value.stringValue() : "";
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw ExchangeRefused.malformed("the claim " + claim + " is neither true nor false");
        };
    }

    /** Whole seconds since 1970, which must be there. */
    Instant time(String claim) throws ExchangeRefused {
        Instant time = optionalTime(claim);
        if (time == null) {
            throw missing(claim);
        }
        return time;
    }

    @Nullable
    Instant optionalTime(String claim) throws ExchangeRefused {
        JsonNode value = claims.get(claim);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw ExchangeRefused.malformed("the claim " + claim + " is no whole number of seconds");
        }
        long seconds = value.longValue();
        if (seconds < 0 || seconds > Limits.LAST_SECOND) {
            throw ExchangeRefused.malformed("the claim " + claim + " is no time between 1970 and 9999");
        }
        return Instant.ofEpochSecond(seconds);
    }

    private static ExchangeRefused missing(String claim) {
        return ExchangeRefused.malformed("the claim " + claim + " is missing");
    }

    /** Claims are shown and kept: half a character can be written nowhere, and a line break makes two lines of a log. */
    static String printable(String claim, String value) throws ExchangeRefused {
        if (value.length() > Limits.CLAIM_CHARACTERS) {
            throw ExchangeRefused.malformed(
                    "the claim " + claim + " has more than " + Limits.CLAIM_CHARACTERS + " characters");
        }
        boolean bad = value.codePoints().anyMatch(ClaimReader::isUnprintable);
        if (bad) {
            throw ExchangeRefused.malformed("the claim " + claim + " has control characters or half characters");
        }
        return value;
    }

    private static boolean isUnprintable(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                true;
            // Most of these turn the direction of what follows; this one joins emoji, and stands in names of branches.
            case Character.FORMAT -> point != 0x200d;
            default -> false;
        };
    }
}
