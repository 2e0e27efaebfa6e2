package dev.lair.server.access;

import dev.lair.server.account.Scope;
import dev.lair.storage.registry.Role;
import org.jspecify.annotations.Nullable;

/** The table: what each act needs. {@link Rights} is its reader. */
final class WhoMay {

    private WhoMay() {}

    /** Whom an act is for. */
    enum Circle {
        /** Everybody; no credential is looked at. */
        ANYBODY,
        /** Everybody while reads are public, otherwise every credential that reads. */
        READERS,
        /** Every credential that is good. */
        KNOWN,
        /** Trusted publishers alone. */
        TRUSTED,
        /** Everybody with an account. */
        PEOPLE,
        /** Who has a role in the namespace. */
        MEMBERS,
        /** Owners of the namespace, and administrators everywhere. */
        AUDITORS,
        ADMINISTRATORS
    }

    /**
     * One row.
     *
     * @param role that is needed at least, of members
     * @param scope that an API token needs; null when no API token may
     * @param steppedUp whether a session must have logged in within the last quarter of an hour
     * @param trusted whether a trusted publisher may, in its packages
     */
    record Rule(
            Circle circle, @Nullable Role role, @Nullable Scope scope, boolean steppedUp, boolean trusted) {}

    private static final boolean STEPPED_UP = true;
    private static final boolean AT_ONCE = false;
    private static final boolean TRUSTED = true;
    private static final boolean PEOPLE = false;

    static Rule of(Act act) {
        return switch (act) {
            case OPEN, LOG_IN, EXCHANGE_TOKEN -> new Rule(Circle.ANYBODY, null, null, AT_ONCE, TRUSTED);
            case READ, HAND_IN -> new Rule(Circle.READERS, null, Scope.READ, AT_ONCE, TRUSTED);
            case WHO_AM_I, PUBLISH -> new Rule(Circle.KNOWN, null, null, AT_ONCE, TRUSTED);
            case END_TRUSTED -> new Rule(Circle.TRUSTED, null, null, AT_ONCE, TRUSTED);

            case PUBLISH_UPDATE -> new Rule(Circle.MEMBERS, Role.PUBLISHER, Scope.PUBLISH_UPDATE, AT_ONCE, TRUSTED);
            case PUBLISH_NEW -> new Rule(Circle.MEMBERS, Role.PUBLISHER, Scope.PUBLISH_NEW, AT_ONCE, TRUSTED);
            case YANK -> new Rule(Circle.MEMBERS, Role.MAINTAINER, Scope.YANK, STEPPED_UP, PEOPLE);
            case SEE_PUBLISHERS -> new Rule(Circle.MEMBERS, Role.PUBLISHER, Scope.READ, AT_ONCE, PEOPLE);
            case MANAGE_PUBLISHERS -> new Rule(Circle.MEMBERS, Role.MAINTAINER, Scope.PUBLISHERS, STEPPED_UP, PEOPLE);
            case MANAGE_ROLES, TRANSFER, TAKEOVER_KEY, TRUSTED_ONLY ->
                new Rule(Circle.MEMBERS, Role.OWNER, Scope.OWNERS, STEPPED_UP, PEOPLE);
            case READ_AUDIT -> new Rule(Circle.AUDITORS, Role.OWNER, Scope.OWNERS, AT_ONCE, PEOPLE);

            case SEE_QUOTA -> new Rule(Circle.AUDITORS, Role.OWNER, Scope.READ, AT_ONCE, PEOPLE);
            // A token may stop what goes wrong, and a stolen one must not be able to let it go on.
            case FREEZE_NAMESPACE -> new Rule(Circle.AUDITORS, Role.OWNER, Scope.OWNERS, STEPPED_UP, PEOPLE);
            case UNFREEZE_NAMESPACE -> new Rule(Circle.AUDITORS, Role.OWNER, null, STEPPED_UP, PEOPLE);

            case CREATE_NAMESPACE -> new Rule(Circle.PEOPLE, null, Scope.OWNERS, AT_ONCE, PEOPLE);
            case SEE_NAMESPACES, SEE_ORGANISATIONS -> new Rule(Circle.PEOPLE, null, Scope.READ, AT_ONCE, PEOPLE);
            case END_SESSION, SEE_TOKENS, SEE_ACCOUNT, SEE_IDENTITIES, CONFIRM_LOGIN ->
                new Rule(Circle.PEOPLE, null, null, AT_ONCE, PEOPLE);
            case MANAGE_ORGANISATIONS -> new Rule(Circle.PEOPLE, null, Scope.OWNERS, STEPPED_UP, PEOPLE);
            // A device that is approved is one more session: without a fresh login it would be a way to stay for ever.
            case APPROVE_DEVICE, CREATE_TOKEN, CHANGE_PASSWORD, MANAGE_IDENTITIES ->
                new Rule(Circle.PEOPLE, null, null, STEPPED_UP, PEOPLE);

            case SEE_APPROVALS, READ_WHOLE_AUDIT -> new Rule(Circle.ADMINISTRATORS, null, null, AT_ONCE, PEOPLE);
            case APPROVE, FREEZE, RECOVER, ADMIN -> new Rule(Circle.ADMINISTRATORS, null, null, STEPPED_UP, PEOPLE);
        };
    }
}
