package dev.lair.cli.client;

import dev.lair.cli.report.Reporter.Progress;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file as the body of a request, with progress as it leaves. */
final class UploadBody {

    private UploadBody() {}

    static BodyPublisher of(Path file, long sizeBytes, Progress progress) {
        if (sizeBytes == 0) {
            return BodyPublishers.noBody();
        }
        BodyPublisher stream = BodyPublishers.ofInputStream(() -> {
            try {
                return new Watched(Files.newInputStream(file), progress);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return BodyPublishers.fromPublisher(stream, sizeBytes);
    }

    private static final class Watched extends FilterInputStream {

        private final Progress progress;

        Watched(InputStream in, Progress progress) {
            super(in);
            this.progress = progress;
        }

        @Override
        public int read() throws IOException {
            int next = super.read();
            if (next >= 0) {
                progress.advance(1);
            }
            return next;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            if (count > 0) {
                progress.advance(count);
            }
            return count;
        }
    }
}
