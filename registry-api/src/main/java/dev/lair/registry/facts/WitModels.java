package dev.lair.registry.facts;

import dev.lair.component.names.SemanticVersion;
import dev.lair.component.wit.Annotations;
import dev.lair.component.wit.Owner;
import dev.lair.component.wit.Primitive;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.Stability;
import dev.lair.component.wit.TypeName;
import dev.lair.component.wit.WitFunction;
import dev.lair.component.wit.WitInterface;
import dev.lair.component.wit.WitPackage;
import dev.lair.component.wit.WitType;
import dev.lair.component.wit.WitTypeDef;
import dev.lair.component.wit.WitWorld;
import dev.lair.component.wit.WitWorld.WorldItem;
import dev.lair.registry.api.WitModel;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes resolved WIT as {@link WitModel}. */
final class WitModels {

    /** Characters around the texts of one object of JSON, about; objects without texts are bounded by them too. */
    private static final int OBJECT = 30;

    /** Texts of owners, which stand wherever one of their types is used: a long name must not cost its length each time. */
    private final Map<Owner, String> owners = new HashMap<>();

    private long left;

    private WitModels(long characters) {
        this.left = characters;
    }

    /** More characters than were allowed. */
    private static final class TooLongException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** What annotates an item. */
    private record Notes(
            @Nullable String docs,
            @Nullable String externalId,
            @Nullable String since,
            @Nullable String unstable,
            @Nullable String deprecated) {
        static final Notes NONE = new Notes(null, null, null, null, null);
    }

    /**
     * The whole set; empty when its JSON would have more than so many characters, about. A short binary can say very much, so
     * nothing is built beyond them.
     */
    static Optional<WitModel> of(Resolved wit, long characters) {
        try {
            return Optional.of(new WitModels(characters).whole(wit));
        } catch (TooLongException tooLong) {
            return Optional.empty();
        }
    }

    private WitModel whole(Resolved wit) {
        return new WitModel(wit.main().name().toString(), each(wit.packages(), this::ofPackage));
    }

    private WitModel.Package ofPackage(WitPackage item) {
        return new WitModel.Package(
                counted(item.name().toString()),
                text(item.docs()),
                each(item.interfaces(), inner -> ofInterface(inner.id().toString(), inner)),
                each(item.worlds(), this::ofWorld));
    }

    private WitModel.Interface ofInterface(String name, WitInterface item) {
        Notes notes = notes(item.annotations());
        return new WitModel.Interface(
                counted(name),
                notes.docs(),
                notes.externalId(),
                notes.since(),
                notes.unstable(),
                notes.deprecated(),
                each(item.types(), this::ofTypeDef),
                each(item.functions(), this::ofFunction));
    }

    private WitModel.World ofWorld(WitWorld world) {
        Notes notes = notes(world.annotations());
        return new WitModel.World(
                counted(world.id().toString()),
                notes.docs(),
                notes.externalId(),
                notes.since(),
                notes.unstable(),
                notes.deprecated(),
                each(world.imports(), this::ofItem),
                each(world.exports(), this::ofItem));
    }

    private WitModel.Item ofItem(WorldItem item) {
        return switch (item) {
            case WitWorld.InterfaceItem named ->
                item(
                        "interface",
                        named.key(),
                        notes(named.annotations()),
                        counted(named.id().toString()),
                        null,
                        null,
                        null);
            case WitWorld.InlineItem inline ->
                item(
                        "inline-interface",
                        inline.label(),
                        Notes.NONE,
                        null,
                        ofInterface(inline.label(), inline.body()),
                        null,
                        null);
            case WitWorld.FunctionItem function ->
                item("function", function.key(), Notes.NONE, null, null, ofFunction(function.function()), null);
            case WitWorld.TypeItem type ->
                item("type", type.key(), Notes.NONE, null, null, null, ofTypeDef(type.type()));
        };
    }

    private WitModel.Item item(
            String kind,
            String name,
            Notes notes,
            @Nullable String id,
            WitModel.@Nullable Interface body,
            WitModel.@Nullable Function function,
            WitModel.@Nullable TypeDef type) {
        return new WitModel.Item(
                kind,
                counted(name),
                notes.docs(),
                notes.externalId(),
                notes.since(),
                notes.unstable(),
                notes.deprecated(),
                id,
                body,
                function,
                type);
    }

    private WitModel.TypeDef ofTypeDef(WitTypeDef def) {
        return switch (def.kind()) {
            case WitTypeDef.Alias alias -> typeDef(def, "alias", ofType(alias.type()), null, null, null);
            case WitTypeDef.RecordOf body ->
                typeDef(
                        def,
                        "record",
                        null,
                        each(body.fields(), one -> member(one.name(), one.docs(), one.type())),
                        null,
                        null);
            case WitTypeDef.Variant body ->
                typeDef(
                        def,
                        "variant",
                        null,
                        null,
                        each(body.cases(), one -> member(one.name(), one.docs(), one.type())),
                        null);
            case WitTypeDef.EnumOf body ->
                typeDef(def, "enum", null, null, each(body.cases(), one -> member(one.name(), one.docs(), null)), null);
            case WitTypeDef.Flags body ->
                typeDef(
                        def,
                        "flags",
                        null,
                        null,
                        null,
                        each(body.flags(), one -> member(one.name(), one.docs(), null)));
            case WitTypeDef.Resource body -> typeDef(def, "resource", null, null, null, null);
        };
    }

    private WitModel.TypeDef typeDef(
            WitTypeDef def,
            String kind,
            WitModel.@Nullable Type type,
            @Nullable List<WitModel.Member> fields,
            @Nullable List<WitModel.Member> cases,
            @Nullable List<WitModel.Member> flags) {
        Notes notes = notes(def.annotations());
        return new WitModel.TypeDef(
                counted(def.name()),
                notes.docs(),
                notes.externalId(),
                notes.since(),
                notes.unstable(),
                notes.deprecated(),
                kind,
                type,
                fields,
                cases,
                flags);
    }

    private WitModel.Member member(String name, @Nullable String docs, @Nullable WitType type) {
        return new WitModel.Member(counted(name), text(docs), type == null ? null : ofType(type));
    }

    private WitModel.Function ofFunction(WitFunction function) {
        Notes notes = notes(function.annotations());
        TypeName resource = function.resource();
        WitType result = function.result();
        return new WitModel.Function(
                counted(function.item()),
                notes.docs(),
                notes.externalId(),
                notes.since(),
                notes.unstable(),
                notes.deprecated(),
                function.kind().name().toLowerCase(Locale.ROOT),
                resource == null ? null : counted(resource.name()),
                function.async(),
                each(function.params(), one -> new WitModel.Param(counted(one.name()), ofType(one.type()))),
                result == null ? null : ofType(result));
    }

    private WitModel.Type ofType(WitType type) {
        return switch (type) {
            case Primitive primitive -> WitModel.Type.word(counted(primitive.keyword()));
            case WitType.Named named -> named("ref", named.name());
            case WitType.Own own -> named("own", own.resource());
            case WitType.Borrow borrow -> named("borrow", borrow.resource());
            case WitType.ListOf list -> carrying("list", list.element());
            case WitType.FixedList list -> WitModel.Type.fixedList(ofType(list.element()), list.length());
            case WitType.MapOf map -> WitModel.Type.map(ofType(map.key()), ofType(map.value()));
            case WitType.Tuple tuple -> WitModel.Type.tuple(each(tuple.types(), this::ofType));
            case WitType.Option option -> carrying("option", option.some());
            case WitType.Result result ->
                WitModel.Type.result(
                        result.ok() == null ? null : ofType(result.ok()),
                        result.err() == null ? null : ofType(result.err()));
            case WitType.Future future -> carrying("future", future.payload());
            case WitType.Stream stream -> carrying("stream", stream.payload());
        };
    }

    private WitModel.Type named(String kind, TypeName name) {
        return WitModel.Type.named(
                kind, counted(owners.computeIfAbsent(name.owner(), Owner::toString)), counted(name.name()));
    }

    private WitModel.Type carrying(String kind, @Nullable WitType payload) {
        return payload == null ? WitModel.Type.word(kind) : WitModel.Type.of(kind, ofType(payload));
    }

    private Notes notes(Annotations annotations) {
        String docs = text(annotations.docs());
        String externalId = text(annotations.externalId());
        return switch (annotations.stability()) {
            case Stability.Unknown unknown ->
                docs == null && externalId == null ? Notes.NONE : new Notes(docs, externalId, null, null, null);
            case Stability.Stable stable ->
                new Notes(docs, externalId, version(stable.since()), null, version(stable.deprecated()));
            case Stability.Unstable unstable ->
                new Notes(docs, externalId, null, text(unstable.feature()), version(unstable.deprecated()));
        };
    }

    private @Nullable String version(@Nullable SemanticVersion version) {
        return version == null ? null : counted(version.toString());
    }

    private <T, R> List<R> each(List<T> items, Function<T, R> of) {
        left -= OBJECT * (long) items.size();
        requireRoom();
        return items.stream().map(of).toList();
    }

    private @Nullable String text(@Nullable String text) {
        return text == null ? null : counted(text);
    }

    private String counted(String text) {
        left -= text.length();
        requireRoom();
        return text;
    }

    private void requireRoom() {
        if (left < 0) {
            throw new TooLongException();
        }
    }
}
