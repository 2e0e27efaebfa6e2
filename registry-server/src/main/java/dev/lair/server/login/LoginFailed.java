package dev.lair.server.login;

import java.util.Locale;

/** A login through a provider came to nothing. The browser is told the code; what is behind it is for the operator's log. */
final class LoginFailed extends Exception {

    private static final long serialVersionUID = 1L;

    /** What the login page can say, {@code /login?problem=CODE}. */
    enum Code {
        /** Nobody waits for this answer: it is too old, was used, or another browser began it. */
        BEGIN_AGAIN("This login took too long, or was begun in another browser. Begin again."),
        /** Whoever it was said no at the provider. */
        DENIED("The provider did not let this login pass. Nothing was changed."),
        /** The provider's answer does not hold. */
        NOT_VERIFIED("The provider's answer could not be verified. Try again; if it stays so, tell an administrator."),
        /** The identity lacks what this registry demands. */
        NOT_ADMITTED("This registry does not admit that identity. An administrator knows which it admits."),
        /** Nobody has an account for this identity, and none is made. */
        NO_ACCOUNT(
                "There is no account for that identity, and this registry makes none by itself. Ask an administrator."),
        FROZEN("That account is frozen. Ask an administrator."),
        /** The identity belongs to another account. */
        LINKED_ELSEWHERE("That identity logs in to another account. Give it up there before it is linked here."),
        /** The provider did not ask anew, or somebody else answered. */
        NOT_STEPPED_UP(
                "The provider did not ask who you are anew, or somebody else answered. Try again, or use the password.");

        private final String words;

        Code(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }

        String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Code code;

    /** @param why for the log: without secrets, and without what a stranger sent */
    LoginFailed(Code code, String why) {
        super(why);
        this.code = code;
    }

    Code code() {
        return code;
    }
}
