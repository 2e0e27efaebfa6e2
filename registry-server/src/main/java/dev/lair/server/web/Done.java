package dev.lair.server.web;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What was done, told on the page that a form leads back to. It comes in the address, where anybody can write anything: so there
 * are only these sentences, and none says that something is secure.
 */
public enum Done {
    LOGGED_OUT("You are logged out."),
    CONFIRMED("Thank you. For 15 minutes you are not asked again; go on with the form."),
    PASSWORD_CHANGED("The password is changed, and every other session has ended."),
    IDENTITY_REMOVED("That identity no longer logs in to your account."),
    TOKEN_REVOKED("The token is revoked."),
    DEVICE_APPROVED("The machine may log in. It gets its session in a moment; you can close this page."),
    DEVICE_DENIED("The login is denied, and the machine gets nothing."),
    NAMESPACE_CREATED("The namespace is there."),
    NAMESPACE_ASKED_FOR("An administrator has to approve this name; until then it waits."),
    ROLE_GIVEN("The role is given."),
    ROLE_TAKEN("The role is taken."),
    TRANSFERRED("The namespace has another owner."),
    TRUSTED_ONLY_SET("The rule about who releases is changed."),
    PUBLISHER_ADDED("The publisher is added."),
    PUBLISHER_REMOVED("The publisher is removed; its tokens have ended."),
    PUBLISHER_FROZEN("The publisher is frozen; its tokens have ended."),
    PUBLISHER_UNFROZEN("The publisher goes on as before."),
    APPROVED("The namespace is approved."),
    REJECTED("The namespace is rejected.");

    /** The parameter of an address that names one. */
    static final String PARAMETER = "done";

    private final String words;

    Done(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Done> of(String label) {
        return Arrays.stream(values())
                .filter(done -> done.label().equals(label))
                .findFirst();
    }
}
