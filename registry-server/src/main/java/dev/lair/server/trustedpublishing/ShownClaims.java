package dev.lair.server.trustedpublishing;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads claims and remembers, by name, those that were there. */
final class ShownClaims {

    private final ClaimReader claims;
    private final SortedMap<String, String> shown = new TreeMap<>();

    ShownClaims(ClaimReader claims) {
        this.claims = claims;
    }

    String text(String claim) throws ExchangeRefused {
        return kept(claim, claims.text(claim));
    }

    String text(String claim, Pattern form, String rule) throws ExchangeRefused {
        return kept(claim, claims.text(claim, form, rule));
    }

    String id(String claim) throws ExchangeRefused {
        return kept(claim, claims.id(claim));
    }

    @Nullable
    String optional(String claim) throws ExchangeRefused {
        String value = claims.optionalText(claim);
        return value == null ? null : kept(claim, value);
    }

    boolean flag(String claim) throws ExchangeRefused {
        boolean value = claims.flag(claim);
        kept(claim, Boolean.toString(value));
        return value;
    }

    private String kept(String claim, String value) {
        shown.put(claim, value);
        return value;
    }

    SortedMap<String, String> all() {
        return Collections.unmodifiableSortedMap(shown);
    }
}
