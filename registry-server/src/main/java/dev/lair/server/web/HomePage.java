package dev.lair.server.web;

import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /}: what this is, and where to go from here. */
@RestController
class HomePage {

    @Access(Act.OPEN)
    @GetMapping("/")
    ResponseEntity<byte[]> home(Visit visit) {
        return visit.show("home.jte", visit.page("Home"), new Views.Nothing());
    }
}
