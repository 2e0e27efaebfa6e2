package dev.lair.server.trustedpublishing;

import dev.lair.registry.MalformedNameException;
import dev.lair.registry.Namespace;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.Problem;
import dev.lair.registry.api.PublisherDocuments;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.access.JsonBody;
import dev.lair.server.account.Requester;
import dev.lair.server.problem.ProblemException;
import java.io.InputStream;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/namespaces/{namespace}/publishers}: the trusted publishers of a namespace; see {@link Publishers}. */
@RestController
class PublisherController {

    private final Publishers publishers;

    PublisherController(Publishers publishers) {
        this.publishers = publishers;
    }

    @Access(Act.SEE_PUBLISHERS)
    @GetMapping("/" + ApiPaths.PUBLISHERS)
    ResponseEntity<byte[]> list(@PathVariable String namespace) {
        return JsonBody.ok(new PublisherDocuments.Publishers(publishers.list(parse(namespace))));
    }

    @Access(Act.MANAGE_PUBLISHERS)
    @PostMapping("/" + ApiPaths.PUBLISHERS)
    ResponseEntity<byte[]> add(@PathVariable String namespace, InputStream in, Requester requester) {
        PublisherDocuments.NewPublisher asked = JsonBody.read(in, PublisherDocuments.NewPublisher.class);
        return JsonBody.reply(HttpStatus.CREATED, publishers.add(requester, parse(namespace), asked));
    }

    @Access(Act.MANAGE_PUBLISHERS)
    @DeleteMapping("/" + ApiPaths.PUBLISHER)
    ResponseEntity<byte[]> remove(@PathVariable String namespace, @PathVariable String id, Requester requester) {
        publishers.remove(requester, parse(namespace), id);
        return JsonBody.done();
    }

    @Access(Act.MANAGE_PUBLISHERS)
    @PostMapping("/" + ApiPaths.PUBLISHER_FREEZE)
    ResponseEntity<byte[]> freeze(@PathVariable String namespace, @PathVariable String id, Requester requester) {
        return JsonBody.ok(publishers.freeze(requester, parse(namespace), id));
    }

    @Access(Act.MANAGE_PUBLISHERS)
    @PostMapping("/" + ApiPaths.PUBLISHER_UNFREEZE)
    ResponseEntity<byte[]> unfreeze(@PathVariable String namespace, @PathVariable String id, Requester requester) {
        return JsonBody.ok(publishers.unfreeze(requester, parse(namespace), id));
    }

    @Access(Act.SEE_PUBLISHERS)
    @PostMapping("/" + ApiPaths.PUBLISHERS_TEST)
    ResponseEntity<byte[]> test(@PathVariable String namespace, InputStream in) {
        PublisherDocuments.Test asked = JsonBody.read(in, PublisherDocuments.Test.class);
        return JsonBody.ok(publishers.test(parse(namespace), asked));
    }

    private static Namespace parse(String name) {
        try {
            return new Namespace(name);
        } catch (MalformedNameException e) {
            throw new ProblemException(Problem.Kind.INVALID, String.valueOf(e.getMessage()));
        }
    }
}
