package dev.lair.server.publish;

import dev.lair.component.wit.WitException;
import dev.lair.component.wit.WitSource;
import dev.lair.component.wit.encode.EncodeOptions;
import dev.lair.component.wit.encode.WitEncoder;
import dev.lair.component.wit.resolve.Features;
import dev.lair.component.wit.resolve.SourceGroup;
import dev.lair.component.wit.resolve.WitResolver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * WIT texts in a tar or zip, as they lie in a folder: {@code *.wit} at the root are the package, {@code deps/NAME.wit} and
 * {@code deps/NAME/*.wit} what it depends on. Built here, so that a job needs no tools. Nothing is ever written to a disk, so
 * no name in an archive leads anywhere.
 */
final class WitArchive {

    /** Texts of a package and of what it depends on: those of WASI have some hundred. */
    static final int MAX_FILES = 2_000;

    /** All texts together; packed they may be far smaller. */
    static final int MAX_TEXT_BYTES = 4 << 20;

    /** Which archives are read, by the media type of the request. */
    enum Format {
        TAR("application/x-tar"),
        ZIP("application/zip");

        private final String mediaType;

        Format(String mediaType) {
            this.mediaType = mediaType;
        }

        /** The format of a media type, or null. */
        static @Nullable Format of(String mediaType) {
            for (Format format : values()) {
                if (format.mediaType.equals(mediaType)) {
                    return format;
                }
            }
            return null;
        }

        private ArchiveInputStream<? extends ArchiveEntry> open(InputStream in) {
            return switch (this) {
                case TAR -> new TarArchiveInputStream(in, StandardCharsets.UTF_8.name());
                case ZIP -> new ZipArchiveInputStream(in, StandardCharsets.UTF_8.name());
            };
        }
    }

    /** The archive is none, or what is in it is no WIT package. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    private WitArchive() {}

    /**
     * The binary of the package.
     *
     * @param toolVersion of this server, for the producers section
     * @throws Refused naming the file and the line, where there is one
     * @throws IOException when the client's bytes broke off
     */
    static byte[] build(Format format, InputStream in, String toolVersion) throws Refused, IOException {
        Map<String, List<WitSource>> groups = read(format, in);
        List<WitSource> main = groups.remove("");
        if (main == null) {
            throw new Refused("the archive has no .wit file at its root; pack the folder's content, not the folder");
        }
        WitResolver resolver = new WitResolver(new Features(true, Set.of()));
        try {
            groups.forEach((name, sources) -> resolver.with(new SourceGroup(name, sources)));
            return WitEncoder.encode(
                    resolver.resolve(new SourceGroup("the package", main)),
                    new EncodeOptions(true, "lair", toolVersion));
        } catch (WitException e) {
            throw new Refused(e.rendered());
        }
    }

    /** Sources by group: empty for the package itself. */
    private static Map<String, List<WitSource>> read(Format format, InputStream in) throws Refused, IOException {
        Map<String, List<WitSource>> groups = new TreeMap<>();
        int files = 0;
        int left = MAX_TEXT_BYTES;
        try (ArchiveInputStream<? extends ArchiveEntry> archive = format.open(in)) {
            for (ArchiveEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
                if (++files > MAX_FILES) {
                    throw new Refused("the archive has more than " + MAX_FILES + " entries");
                }
                String group = groupOf(entry);
                if (group == null) {
                    continue;
                }
                byte[] text = archive.readNBytes(left + 1);
                left -= text.length;
                if (left < 0) {
                    throw new Refused("the texts have more than the " + MAX_TEXT_BYTES + " bytes read here");
                }
                groups.computeIfAbsent(group, none -> new ArrayList<>())
                        .add(new WitSource(entry.getName(), decoded(entry.getName(), text)));
            }
        }
        return groups;
    }

    /** The group of an entry; null when it is no WIT text of the package. */
    private static @Nullable String groupOf(ArchiveEntry entry) {
        String name = entry.getName().startsWith("./") ? entry.getName().substring(2) : entry.getName();
        if (entry.isDirectory() || !name.endsWith(".wit")) {
            return null;
        }
        String[] parts = name.split("/");
        return switch (parts.length) {
            case 1 -> "";
            case 2 -> parts[0].equals("deps") ? name : null;
            case 3 -> parts[0].equals("deps") ? parts[0] + "/" + parts[1] : null;
            default -> null;
        };
    }

    private static String decoded(String name, byte[] text) throws Refused {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Refused("`" + name + "` is no UTF-8; WIT texts are");
        }
    }
}
