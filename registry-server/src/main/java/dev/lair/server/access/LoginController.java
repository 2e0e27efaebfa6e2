package dev.lair.server.access;

import dev.lair.registry.api.AccountDocuments;
import dev.lair.registry.api.ApiPaths;
import dev.lair.server.account.DeviceLogins;
import dev.lair.server.account.Logins;
import dev.lair.server.account.Requester;
import dev.lair.server.account.Sessions;
import dev.lair.server.settings.PublicUrl;
import java.io.InputStream;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/login} by password and by a device's code, and {@code DELETE /api/v1/session}. */
@RestController
class LoginController {

    /** Where a person types the code of a device. */
    private static final String VERIFICATION_PAGE = "login/device";

    private final Logins logins;
    private final DeviceLogins devices;
    private final Sessions sessions;
    private final PublicUrl publicUrl;

    LoginController(Logins logins, DeviceLogins devices, Sessions sessions, PublicUrl publicUrl) {
        this.logins = logins;
        this.devices = devices;
        this.sessions = sessions;
        this.publicUrl = publicUrl;
    }

    @Access(Act.LOG_IN)
    @PostMapping("/" + ApiPaths.LOGIN)
    ResponseEntity<byte[]> login(InputStream in, Requester requester) {
        AccountDocuments.Login body = JsonBody.read(in, AccountDocuments.Login.class);
        return JsonBody.ok(document(logins.login(body.login(), body.password(), requester.requestId())));
    }

    @Access(Act.LOG_IN)
    @PostMapping("/" + ApiPaths.DEVICE_LOGIN)
    ResponseEntity<byte[]> beginDevice() {
        DeviceLogins.Begun begun = devices.begin();
        return JsonBody.ok(new AccountDocuments.DeviceLogin(
                begun.deviceCode().secret(),
                begun.userCode(),
                publicUrl.of(VERIFICATION_PAGE),
                (int) begun.life().toSeconds(),
                (int) begun.interval().toSeconds()));
    }

    @Access(Act.OPEN)
    @PostMapping("/" + ApiPaths.DEVICE_TOKEN)
    ResponseEntity<byte[]> pollDevice(InputStream in, Requester requester) {
        AccountDocuments.DevicePoll body = JsonBody.read(in, AccountDocuments.DevicePoll.class);
        return JsonBody.ok(document(devices.poll(body.deviceCode(), requester.requestId())));
    }

    @Access(Act.APPROVE_DEVICE)
    @PostMapping("/" + ApiPaths.DEVICE_APPROVE)
    ResponseEntity<byte[]> decideDevice(InputStream in, Requester requester) {
        AccountDocuments.DeviceDecision body = JsonBody.read(in, AccountDocuments.DeviceDecision.class);
        devices.decide(requester, body.userCode(), Boolean.TRUE.equals(body.deny()));
        return JsonBody.done();
    }

    @Access(Act.END_SESSION)
    @DeleteMapping("/" + ApiPaths.SESSION)
    ResponseEntity<byte[]> endSession(Requester requester) {
        sessions.end(requester);
        return JsonBody.done();
    }

    private static AccountDocuments.Session document(Sessions.Begun begun) {
        return new AccountDocuments.Session(
                begun.token().secret(),
                begun.expiresAt().toString(),
                begun.steppedUpUntil().toString(),
                AccountController.document(begun.account()));
    }
}
