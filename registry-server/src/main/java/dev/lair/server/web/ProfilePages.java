package dev.lair.server.web;

import dev.lair.registry.api.Problem;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.access.Form;
import dev.lair.server.access.FormOf;
import dev.lair.server.account.Caller;
import dev.lair.server.account.Logins;
import dev.lair.server.account.SessionCookie;
import dev.lair.server.account.Sessions;
import dev.lair.server.login.Identities;
import dev.lair.server.problem.ProblemException;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /settings/profile}: who one is here, where one is logged in, the password, and identities of providers. */
@RestController
class ProfilePages {

    private static final String PAGE = "/settings/profile";
    private static final LocalPath HERE = LocalPath.parse(PAGE).orElseThrow();

    private final Logins logins;
    private final Sessions sessions;
    private final Identities identities;
    private final ProviderLinks providers;
    private final SessionCookie cookie;

    ProfilePages(
            Logins logins, Sessions sessions, Identities identities, ProviderLinks providers, SessionCookie cookie) {
        this.identities = identities;
        this.providers = providers;
        this.logins = logins;
        this.sessions = sessions;
        this.cookie = cookie;
    }

    @Access(Act.SEE_ACCOUNT)
    @GetMapping(PAGE)
    ResponseEntity<byte[]> profile(Visit visit) {
        return shown(visit, visit.page("Profile"));
    }

    @Access(Act.CHANGE_PASSWORD)
    @FormOf(PAGE)
    @PostMapping(PAGE + "/password")
    ResponseEntity<byte[]> changePassword(Visit visit) {
        Form form = visit.form();
        return visit.attempt(
                () -> {
                    if (!form.one("fresh").equals(form.one("again"))) {
                        throw new ProblemException(Problem.Kind.INVALID, "the new password was typed in two ways");
                    }
                    Sessions.Begun begun = logins.changePassword(visit.requester(), form.one("old"), form.one("fresh"));
                    visit.set(cookie.begin(begun.token(), begun.expiresAt()));
                    return visit.redirect(PAGE, Done.PASSWORD_CHANGED);
                },
                fault -> shown(visit, visit.page("Profile").with(fault)));
    }

    @Access(Act.MANAGE_IDENTITIES)
    @FormOf(PAGE)
    @PostMapping(PAGE + "/identities/{id}/remove")
    ResponseEntity<byte[]> removeIdentity(@PathVariable String id, Visit visit) {
        visit.form();
        return visit.attempt(
                () -> {
                    identities.remove(visit.requester(), id);
                    return visit.redirect(PAGE, Done.IDENTITY_REMOVED);
                },
                fault -> shown(visit, visit.page("Profile").with(fault)));
    }

    private static Views.Linked linked(Identities.Known known) {
        return new Views.Linked(
                known.id(),
                known.identity().shown(),
                known.identity().issuer(),
                known.identity().linkedAt());
    }

    private ResponseEntity<byte[]> shown(Visit visit, Page page) {
        Caller.Person person = visit.person();
        return visit.show(
                "settings/profile.jte",
                page,
                new Views.Profile(
                        person.login(),
                        person.administrator(),
                        logins.hasPassword(visit.requester()),
                        sessions.of(visit.requester()),
                        identities.list(visit.requester()).identities().stream()
                                .map(ProfilePages::linked)
                                .toList(),
                        providers.link(HERE)));
    }
}
