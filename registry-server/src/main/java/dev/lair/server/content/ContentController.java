package dev.lair.server.content;

import dev.lair.registry.api.DigestField;
import dev.lair.registry.tree.TreePaths;
import dev.lair.registry.warg.WargError;
import dev.lair.registry.warg.WargPaths;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.problem.WargErrorException;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.LairSettings.S3Settings;
import dev.lair.storage.ContentNotFoundException;
import dev.lair.storage.StoredContent;
import dev.lair.transparency.Digest;
import dev.lair.transparency.MalformedDigestException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.AbstractResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRange;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code GET /content/sha256-<hex>} and {@code /blob/sha256/<hex>}: released bytes, whole or in ranges (Spring answers {@code Range}). Somebody else's
 * bytes on our origin, so a browser may neither guess a type nor show or run them.
 */
@RestController
class ContentController {

    private static final MediaType WASM = MediaType.parseMediaType("application/wasm");

    private final ReleasedContents contents;
    private final Duration redirectLife;

    ContentController(ReleasedContents contents, LairSettings settings) {
        this.contents = contents;
        S3Settings s3 = settings.s3();
        this.redirectLife = s3 == null ? Duration.ZERO : s3.redirectDownloads();
    }

    @Access(Act.READ)
    @GetMapping("/" + WargPaths.CONTENT)
    ResponseEntity<Resource> content(
            @PathVariable String file,
            @RequestHeader(name = HttpHeaders.RANGE, required = false) @Nullable String range) {
        return reply(digestOf(file), file, range);
    }

    /** The same where the static tree has it. */
    @Access(Act.READ)
    @GetMapping("/" + TreePaths.BLOB)
    ResponseEntity<Resource> blob(
            @PathVariable String hex,
            @RequestHeader(name = HttpHeaders.RANGE, required = false) @Nullable String range) {
        return reply(digestOf(WargPaths.CONTENT_FILE_PREFIX + hex), WargPaths.CONTENT_FILE_PREFIX + hex, range);
    }

    private ResponseEntity<Resource> reply(Digest digest, String file, @Nullable String range) {
        StoredContent content =
                contents.find(digest).orElseThrow(() -> new WargErrorException(WargError.contentNotFound(digest)));
        Optional<URI> elsewhere = redirectLife.isZero() ? Optional.empty() : contents.directUrl(content, redirectLife);
        if (elsewhere.isPresent()) {
            // The signed URL works for a while only, so nobody may keep the way there.
            return ResponseEntity.status(HttpStatus.TEMPORARY_REDIRECT)
                    .location(elsewhere.get())
                    .cacheControl(CacheControl.noStore())
                    .build();
        }
        ContentResource resource = new ContentResource(content);
        requireSatisfiable(range, resource);
        return ResponseEntity.ok()
                .contentType(WASM)
                .eTag("\"" + digest + "\"")
                .cacheControl(
                        CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable())
                .header(HttpHeaders.ACCEPT_RANGES, "bytes")
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename(file + ".wasm")
                                .build()
                                .toString())
                .header("Repr-Digest", DigestField.format(digest))
                .body(resource);
    }

    /** Spring would answer such a range with 416 and the whole content behind it. */
    private static void requireSatisfiable(@Nullable String range, ContentResource content) {
        if (range == null) {
            return;
        }
        try {
            HttpRange.toResourceRegions(HttpRange.parseRanges(range), content);
        } catch (IllegalArgumentException e) {
            throw new WargErrorException(
                    WargError.message(
                            416,
                            "the content has " + content.contentLength() + " bytes; range `" + range
                                    + "` is not in it"),
                    Map.of(HttpHeaders.CONTENT_RANGE, "bytes */" + content.contentLength()));
        }
    }

    private static Digest digestOf(String file) {
        if (!file.startsWith(WargPaths.CONTENT_FILE_PREFIX)) {
            throw WargErrorException.of(404, "content lies at `content/sha256-<64 hex digits>`");
        }
        try {
            return Digest.parseHexOnly(file.substring(WargPaths.CONTENT_FILE_PREFIX.length()));
        } catch (MalformedDigestException e) {
            throw WargErrorException.of(404, "content lies at `content/sha256-<64 hex digits>`: " + e.getMessage());
        }
    }

    private final class ContentResource extends AbstractResource {

        private final StoredContent content;

        ContentResource(StoredContent content) {
            this.content = content;
        }

        @Override
        public long contentLength() {
            return content.sizeBytes();
        }

        @Override
        public boolean exists() {
            return true;
        }

        @Override
        public String getDescription() {
            return "content " + content.digest();
        }

        @Override
        public InputStream getInputStream() throws IOException {
            try {
                return contents.open(content);
            } catch (ContentNotFoundException e) {
                throw (IOException) new FileNotFoundException(e.getMessage()).initCause(e);
            }
        }
    }
}
