package dev.lair.server.problem;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.OutputStream;
import org.springframework.http.HttpHeaders;

/**
 * The body of a request that is refused before anybody read it. The web server closes a connection on which such a body is
 * still to come, and a client that is about to send it may then find no answer but a broken connection. A short body is
 * therefore read to its end; a long one is not worth that, and its client is told that the connection ends.
 */
final class UnreadBody {

    /** Every JSON body of the API fits. */
    private static final int SHORT_BYTES = 64 * 1024;

    private UnreadBody() {}

    /** Whether something of the body is left behind this. A client that does not send it is waited for as for any other body. */
    static boolean isLeft(HttpServletRequest request) {
        long length = request.getContentLengthLong();
        boolean hasBody = length > 0 || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
        if (!hasBody) {
            return false;
        }
        try {
            // Who expects to be asked for the body does not send it unasked, and is better off without.
            boolean isShort = length > 0 && length <= SHORT_BYTES && request.getHeader(HttpHeaders.EXPECT) == null;
            if (isShort) {
                request.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
            return !request.getInputStream().isFinished();
        } catch (IOException e) {
            return true;
        }
    }
}
