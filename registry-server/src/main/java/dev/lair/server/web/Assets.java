package dev.lair.server.web;

import dev.lair.transparency.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/**
 * The files that pages need beside themselves, from {@code web/} of the class path: read once at the start. Their paths have a
 * piece of their digest in them, so that a browser keeps them for ever and never has an old one.
 */
@Component
final class Assets {

    static final String STYLESHEET = "lair.css";
    static final String LOGO = "logo.svg";
    static final String FAVICON = "favicon.svg";

    private static final int HASH_LENGTH = 16;
    private static final Map<String, String> TYPES =
            Map.of("css", "text/css;charset=UTF-8", "svg", "image/svg+xml", "js", "text/javascript;charset=UTF-8");

    /** A file as it is sent. */
    record Asset(String name, String type, String hash, byte[] content) {

        /** Its path, which means these bytes for ever. */
        String path() {
            return "/assets/" + hash + "/" + name;
        }
    }

    private final Map<String, Asset> byName = new TreeMap<>();

    Assets() {
        for (String name : new String[] {STYLESHEET, LOGO, FAVICON}) {
            byName.put(name, read(name));
        }
    }

    private static Asset read(String name) {
        try (InputStream in = Assets.class.getResourceAsStream("/web/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the server was built without web/" + name);
            }
            byte[] content = in.readAllBytes();
            String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
            if (type == null) {
                throw new IllegalStateException("no content type is known for web/" + name);
            }
            return new Asset(name, type, Digest.of(content).hex().substring(0, HASH_LENGTH), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One that pages name in their source. */
    Asset require(String name) {
        return find(name).orElseThrow(() -> new IllegalStateException("there is no file web/" + name));
    }

    Optional<Asset> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }
}
