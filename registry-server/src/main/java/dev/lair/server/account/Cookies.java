package dev.lair.server.account;

import dev.lair.server.settings.PublicUrl;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.http.ResponseCookie;

/** What all our cookies have in common. */
final class Cookies {

    private Cookies() {}

    /** Browsers hold {@code __Host-} to TLS, this host alone and all of its paths. */
    static String name(String word, PublicUrl publicUrl) {
        return isSecure(publicUrl) ? "__Host-" + word : word;
    }

    static ResponseCookie.ResponseCookieBuilder make(String name, String value, PublicUrl publicUrl, String sameSite) {
        return ResponseCookie.from(name, value)
                .path("/")
                .httpOnly(true)
                .secure(isSecure(publicUrl))
                .sameSite(sameSite);
    }

    private static boolean isSecure(PublicUrl publicUrl) {
        return publicUrl.toString().startsWith("https://");
    }

    /** Its value; of two by the same name somebody else may have set one, so there is none. */
    static Optional<String> only(HttpServletRequest request, String name) {
        Cookie[] all = request.getCookies();
        Cookie found = null;
        for (Cookie each : all == null ? new Cookie[0] : all) {
            if (each.getName().equals(name)) {
                if (found != null) {
                    return Optional.empty();
                }
                found = each;
            }
        }
        return Optional.ofNullable(found).map(Cookie::getValue);
    }
}
