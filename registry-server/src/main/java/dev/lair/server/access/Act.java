package dev.lair.server.access;

import java.util.Locale;

/** What a request does, as far as somebody might not be allowed to; {@link WhoMay} says who is. */
public enum Act {
    /** Nobody is asked who they are: the request is its own credential, or there is nothing to protect. */
    OPEN,
    /** To log in, or to begin to. */
    LOG_IN,
    /** To get a token for an identity token. */
    EXCHANGE_TOKEN,
    READ,
    /**
     * To hand in a signed record, or content that one names. The signature is what counts; but where reads are private, whoever
     * may not even read is not let in to leave something either.
     */
    HAND_IN,
    /** To release something, before it is known whether the package is new: the door asks for one of the next two. */
    PUBLISH,
    /** A further version of a package that has one. */
    PUBLISH_UPDATE,
    /** The first version of a package. */
    PUBLISH_NEW,
    YANK,
    /** To look at a namespace's trusted publishers, and to hold an identity against them. */
    SEE_PUBLISHERS,
    MANAGE_PUBLISHERS,
    MANAGE_ROLES,
    TRANSFER,
    /** An owner's own key takes over a package whose log the registry began. */
    TAKEOVER_KEY,
    /** To stop all writes in a namespace. */
    FREEZE_NAMESPACE,
    /** To let them go on. */
    UNFREEZE_NAMESPACE,
    /** To say that only trusted publishers release. */
    TRUSTED_ONLY,
    CREATE_NAMESPACE,
    /** To look at how much a namespace may have. */
    SEE_QUOTA,
    /** To look at the namespaces of which one is something. */
    SEE_NAMESPACES,
    READ_AUDIT,
    /** The audit log of the whole registry, on its page. */
    READ_WHOLE_AUDIT,
    /** To ask who one is. */
    WHO_AM_I,
    /** To end the session that asks. */
    END_SESSION,
    /** To give up the trusted token that asks. */
    END_TRUSTED,
    APPROVE_DEVICE,
    /** To look at one's account, and at its sessions. */
    SEE_ACCOUNT,
    /** To log in once more, in a session. */
    CONFIRM_LOGIN,
    CHANGE_PASSWORD,
    /** To look at the identities by which one logs in. */
    SEE_IDENTITIES,
    /** To give one up. */
    MANAGE_IDENTITIES,
    /** To look at the organisations that one is in. */
    SEE_ORGANISATIONS,
    /** To make an organisation, to say who is in it, and to leave it. */
    MANAGE_ORGANISATIONS,
    /** To look at one's tokens, and to revoke one. */
    SEE_TOKENS,
    CREATE_TOKEN,
    /** To look at what waits for a decision. */
    SEE_APPROVALS,
    /** To decide on namespaces. */
    APPROVE,
    /** To freeze accounts, and to let them go on. */
    FREEZE,
    /** To make somebody an owner of a namespace whose owner is lost. */
    RECOVER,
    ADMIN;

    /** As problems say it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
