package dev.lair.server.web;

import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.access.Form;
import dev.lair.server.access.FormOf;
import dev.lair.server.account.Logins;
import dev.lair.server.account.SessionCookie;
import dev.lair.server.account.Sessions;
import dev.lair.server.login.LoginProviders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /login}, {@code /login/again} and {@code /logout}: a browser's session begins, is confirmed, and ends. */
@RestController
class LoginPages {

    private final Logins logins;
    private final Sessions sessions;
    private final SessionCookie cookie;
    private final ProviderLinks providers;

    LoginPages(Logins logins, Sessions sessions, SessionCookie cookie, ProviderLinks providers) {
        this.logins = logins;
        this.sessions = sessions;
        this.cookie = cookie;
        this.providers = providers;
    }

    @Access(Act.OPEN)
    @GetMapping("/login")
    ResponseEntity<byte[]> form(Visit visit) {
        visit.beginForm();
        Form asked = visit.prefilled();
        Page page = visit.page("Log in");
        // A login through a provider that came to nothing leads here, and is told in our words: anybody can write an
        // address.
        Page told = LoginProviders.wordsOf(asked.one("problem"))
                .map(words -> page.with(new Page.Fault(200, "Not logged in", words, "", "")))
                .orElse(page);
        return shown(visit, told, asked);
    }

    @Access(Act.LOG_IN)
    @FormOf("/login")
    @PostMapping("/login")
    ResponseEntity<byte[]> login(Visit visit) {
        Form form = visit.form();
        return visit.attempt(
                () -> {
                    Sessions.Begun begun = logins.loginInBrowser(
                            form.one("login").strip(),
                            form.one("password"),
                            visit.requester().requestId());
                    visit.set(cookie.begin(begun.token(), begun.expiresAt()));
                    return visit.redirect(visit.next(form));
                },
                fault -> {
                    visit.beginForm();
                    return shown(visit, visit.page("Log in").with(fault), form);
                });
    }

    private ResponseEntity<byte[]> shown(Visit visit, Page page, Form form) {
        return visit.show(
                "login.jte",
                page,
                new Views.Login(form.one("login"), visit.next(form).toString(), providers.logIn(visit.next(form))));
    }

    @Access(Act.CONFIRM_LOGIN)
    @GetMapping("/login/again")
    ResponseEntity<byte[]> againForm(Visit visit) {
        return again(visit, visit.page("Is it you?"), visit.next(visit.prefilled()));
    }

    /** Asked of somebody who is logged in, before something that matters. */
    @Access(Act.CONFIRM_LOGIN)
    @FormOf("/login/again")
    @PostMapping("/login/again")
    ResponseEntity<byte[]> again(Visit visit) {
        Form form = visit.form();
        LocalPath next = visit.next(form);
        return visit.attempt(
                () -> {
                    logins.confirm(visit.requester(), form.one("password"));
                    return visit.redirect(next.with(Done.PARAMETER, Done.CONFIRMED.label()));
                },
                fault -> again(visit, visit.page("Is it you?").with(fault), next));
    }

    private ResponseEntity<byte[]> again(Visit visit, Page page, LocalPath next) {
        return visit.show(
                "again.jte",
                page,
                new Views.Again(
                        visit.person().login(),
                        logins.hasPassword(visit.requester()),
                        next.toString(),
                        next.hasQuery(),
                        providers.confirm(next)));
    }

    @Access(Act.END_SESSION)
    @FormOf("/settings/profile")
    @PostMapping("/logout")
    ResponseEntity<byte[]> logout(Visit visit) {
        sessions.end(visit.requester());
        visit.set(cookie.end());
        return visit.redirect("/", Done.LOGGED_OUT);
    }

    @Access(Act.END_SESSION)
    @FormOf("/settings/profile")
    @PostMapping("/logout/everywhere")
    ResponseEntity<byte[]> logoutEverywhere(Visit visit) {
        sessions.endAll(visit.requester());
        visit.set(cookie.end());
        return visit.redirect("/", Done.LOGGED_OUT);
    }
}
