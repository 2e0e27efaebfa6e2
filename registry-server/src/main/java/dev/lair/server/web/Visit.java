package dev.lair.server.web;

import dev.lair.registry.api.Problem;
import dev.lair.registry.api.TokenText;
import dev.lair.server.access.Form;
import dev.lair.server.account.Caller;
import dev.lair.server.account.FormToken;
import dev.lair.server.account.Requester;
import dev.lair.server.problem.Masked;
import dev.lair.server.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;

/**
 * One request for a page, and how it is answered: {@link #show} a page, or after a form {@link #redirect} to one, so that loading
 * it again sends nothing twice. What a service refuses is shown beside the form ({@link #attempt}).
 *
 * <p>Templates get {@code page}, a {@link Page}, and {@code view}, the page's own record in {@link Views}.
 */
final class Visit {

    private final Site site;
    private final Templates templates;
    private final FormToken tokens;
    private final HttpServletRequest request;
    private final Requester requester;
    private final Optional<TokenText> session;
    private final List<ResponseCookie> cookies = new ArrayList<>();
    private String csrf;

    Visit(
            Site site,
            Templates templates,
            FormToken tokens,
            HttpServletRequest request,
            Requester requester,
            Optional<TokenText> session) {
        this.site = site;
        this.templates = templates;
        this.tokens = tokens;
        this.request = request;
        this.requester = requester;
        this.session = session;
        this.csrf = session.map(FormToken::of).orElse("");
    }

    Site site() {
        return site;
    }

    Requester requester() {
        return requester;
    }

    Caller.Person person() {
        return requester.person();
    }

    /** The form that was sent. */
    Form form() {
        return Form.of(request);
    }

    /** A form that the address fills in, as after a password was asked for. */
    Form prefilled() {
        return Form.ofQuery(request);
    }

    /** Where the address or the form says to go on; home when it says nothing that is ours. */
    LocalPath next(Form form) {
        List<String> said = form.all(LocalPath.PARAMETER);
        return said.size() == 1 ? LocalPath.parse(said.getFirst()).orElse(LocalPath.HOME) : LocalPath.HOME;
    }

    /** For a page whose form is sent before there is a session: gives the browser what the form is known by. */
    void beginForm() {
        String seed = tokens.seed(request).orElseGet(tokens::newSeed);
        csrf = FormToken.of(seed);
        cookies.add(tokens.cookie(seed));
    }

    /** Gives the browser a cookie with the reply. */
    void set(ResponseCookie cookie) {
        cookies.add(cookie);
    }

    /** The page that is about to be shown. */
    Page page(String title) {
        List<String> said = prefilled().all(Done.PARAMETER);
        return new Page(
                site,
                title,
                PagePaths.of(request),
                requester.caller() instanceof Caller.Person person
                        ? new Page.Visitor(person.login(), person.administrator())
                        : null,
                csrf,
                said.size() == 1 ? Done.of(said.getFirst()).orElse(null) : null,
                null,
                "");
    }

    /** Answers with a page. */
    ResponseEntity<byte[]> show(String template, Page page, Object view) {
        Page.Fault fault = page.fault();
        return show(fault == null ? 200 : fault.status(), template, Map.of("page", page, "view", view));
    }

    /**
     * Answers with a page that has these parameters. Nobody keeps it: a page for somebody, or with a form, is theirs alone. Reading
     * pages may say otherwise for visitors who are not logged in.
     */
    ResponseEntity<byte[]> show(int status, String template, Map<String, Object> parameters) {
        ResponseEntity<byte[]> made = templates.reply(status, template, parameters);
        HttpHeaders headers = new HttpHeaders();
        headers.addAll(made.getHeaders());
        headers.add(HttpHeaders.VARY, "Cookie");
        boolean own = session.isPresent() || !csrf.isEmpty() || !(requester.caller() instanceof Caller.Anonymous);
        headers.set(HttpHeaders.CACHE_CONTROL, own || status != 200 ? "private, no-store" : "no-cache");
        cookies.forEach(cookie -> headers.add(HttpHeaders.SET_COOKIE, cookie.toString()));
        return new ResponseEntity<>(made.getBody(), headers, made.getStatusCode());
    }

    /** Sends the browser on to a page of ours. */
    ResponseEntity<byte[]> redirect(LocalPath path) {
        ResponseEntity.BodyBuilder reply = ResponseEntity.status(303)
                .header(HttpHeaders.LOCATION, site.link(path.toString()))
                .header(HttpHeaders.CACHE_CONTROL, "private, no-store");
        cookies.forEach(cookie -> reply.header(HttpHeaders.SET_COOKIE, cookie.toString()));
        return reply.build();
    }

    /** The same, to a page that says what was done. */
    ResponseEntity<byte[]> redirect(String path, Done done) {
        return redirect(LocalPath.parse(path)
                .orElseThrow(() -> new IllegalStateException("no path of ours: " + path))
                .with(Done.PARAMETER, done.label()));
    }

    /**
     * Does what a form asks for; when that is refused, shows the form again with why. A refusal that a fresh login would mend goes
     * to {@link PageErrors}, which asks for one.
     */
    ResponseEntity<byte[]> attempt(
            Supplier<ResponseEntity<byte[]>> act, Function<Page.Fault, ResponseEntity<byte[]>> again) {
        try {
            return act.get();
        } catch (ProblemException e) {
            if (e.kind() == Problem.Kind.STEP_UP_REQUIRED || e.kind() == Problem.Kind.UNAUTHORIZED) {
                throw e;
            }
            ResponseEntity<byte[]> page = again.apply(fault(e));
            HttpHeaders headers = new HttpHeaders();
            headers.addAll(page.getHeaders());
            new HashMap<>(e.headers()).forEach(headers::set);
            return new ResponseEntity<>(page.getBody(), headers, page.getStatusCode());
        }
    }

    private Page.Fault fault(ProblemException e) {
        return fault(e.kind().problem(String.valueOf(e.getMessage()), requester.requestId()));
    }

    static Page.Fault fault(Problem problem) {
        return new Page.Fault(
                problem.status(), problem.title(), Masked.text(problem.detail()), problem.hint(), problem.requestId());
    }
}
