package dev.lair.server.web;

import dev.lair.registry.api.Problem;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.access.Form;
import dev.lair.server.access.FormOf;
import dev.lair.server.account.DeviceLogins;
import dev.lair.server.problem.ProblemException;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code /login/device}: a machine shows a code, its owner types it here, sees what is asked, and says yes or no. A code that a
 * link brings is filled in and not looked up: who approves shall have seen it on the machine.
 */
@RestController
class DevicePages {

    private static final String PAGE = "/login/device";
    private static final String TITLE = "A machine logs in";

    private final DeviceLogins devices;

    DevicePages(DeviceLogins devices) {
        this.devices = devices;
    }

    @Access(Act.APPROVE_DEVICE)
    @GetMapping(PAGE)
    ResponseEntity<byte[]> form(Visit visit) {
        return visit.show("device.jte", visit.page(TITLE), new Views.Device(visit.prefilled(), null));
    }

    @Access(Act.APPROVE_DEVICE)
    @FormOf(PAGE)
    @PostMapping(PAGE)
    ResponseEntity<byte[]> look(Visit visit) {
        Form form = visit.form();
        return visit.attempt(
                () -> visit.show(
                        "device.jte", visit.page(TITLE), new Views.Device(form, devices.find(form.one("code")))),
                fault -> visit.show("device.jte", visit.page(TITLE).with(fault), new Views.Device(form, null)));
    }

    @Access(Act.APPROVE_DEVICE)
    @FormOf(PAGE)
    @PostMapping(PAGE + "/decide")
    ResponseEntity<byte[]> decide(Visit visit) {
        Form form = visit.form();
        return visit.attempt(
                () -> {
                    boolean deny =
                            switch (form.one("decision")) {
                                case "approve" -> false;
                                case "deny" -> true;
                                default ->
                                    throw new ProblemException(
                                            Problem.Kind.INVALID, "the decision is `approve` or `deny`");
                            };
                    devices.decide(visit.requester(), form.one("code"), deny);
                    return visit.redirect(PAGE, deny ? Done.DEVICE_DENIED : Done.DEVICE_APPROVED);
                },
                fault -> visit.show("device.jte", visit.page(TITLE).with(fault), new Views.Device(form, null)));
    }
}
