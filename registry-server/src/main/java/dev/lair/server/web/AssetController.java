package dev.lair.server.web;

import dev.lair.registry.api.Problem;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.problem.ProblemException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code /assets/{hash}/{file}}, kept for ever, and the two pictures that have a fixed name. Nothing in them is secret. */
@RestController
class AssetController {

    private static final String FOREVER = "public, max-age=31536000, immutable";
    private static final String A_DAY = "public, max-age=86400";

    private final Assets assets;

    AssetController(Assets assets) {
        this.assets = assets;
    }

    @Access(Act.OPEN)
    @GetMapping("/assets/{hash}/{file}")
    ResponseEntity<byte[]> hashed(@PathVariable String hash, @PathVariable String file) {
        return assets.find(file)
                .filter(asset -> asset.hash().equals(hash))
                .map(asset -> reply(asset, FOREVER))
                .orElseThrow(() -> new ProblemException(
                        Problem.Kind.NOT_FOUND, "no file has this name and this content; load its page again"));
    }

    @Access(Act.OPEN)
    @GetMapping("/assets/logo.svg")
    ResponseEntity<byte[]> logo() {
        return reply(assets.require(Assets.LOGO), A_DAY);
    }

    @Access(Act.OPEN)
    @GetMapping("/favicon.svg")
    ResponseEntity<byte[]> favicon() {
        return reply(assets.require(Assets.FAVICON), A_DAY);
    }

    private static ResponseEntity<byte[]> reply(Assets.Asset asset, String kept) {
        return ResponseEntity.ok()
                .header(HttpHeaders.CONTENT_TYPE, asset.type())
                .header(HttpHeaders.CACHE_CONTROL, kept)
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .body(asset.content());
    }
}
