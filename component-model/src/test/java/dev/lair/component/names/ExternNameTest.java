package dev.lair.component.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ExternNameTest {
    private static ExternName parse(String text) throws InvalidNameException {
        return ExternName.parse(text, false, null);
    }

    private static void refused(String text, String rule) {
        assertThatThrownBy(() -> parse(text))
                .as(text)
                .isInstanceOf(InvalidNameException.class)
                .hasMessageContaining(rule);
    }

    @Test
    void labelsAreWordsAndAcronymsJoinedByHyphens() throws Exception {
        for (String label : List.of("a", "a1", "foo-bar", "HTTP", "is-HTTP-2", "x-86", "A-b-C")) {
            assertThat(KebabName.parse(label).toString()).isEqualTo(label);
        }
        for (String text : List.of("", "-", "a-", "-a", "a--b", "1a", "aB", "Ab", "a_b", "a b", "ä", "a.b")) {
            assertThat(KebabName.isKebab(text)).as(text).isFalse();
            refused(text, "is not in kebab case");
        }
    }

    @Test
    void labelsThatDifferOnlyInCaseAreEqual() throws Exception {
        assertThat(KebabName.parse("foo-BAR"))
                .isEqualTo(KebabName.parse("FOO-bar"))
                .hasSameHashCodeAs(KebabName.parse("FOO-bar"))
                .isNotEqualTo(KebabName.parse("foobar"));
    }

    @Test
    void annotationsTellResourceAndMember() throws Exception {
        assertThat(parse("[constructor]blob")).isEqualTo(new ExternName.Constructor(KebabName.parse("blob")));
        assertThat(parse("[method]blob.size"))
                .isEqualTo(new ExternName.Method(KebabName.parse("blob"), KebabName.parse("size")));
        assertThat(parse("[static]blob.merge"))
                .isEqualTo(new ExternName.Static(KebabName.parse("blob"), KebabName.parse("merge")));
        refused("[method]blob", "failed to find `.` character");
        refused("[method]a.b.c", "`b.c` is not in kebab case");
        refused("[static].a", "`` is not in kebab case");
        refused("[async]f", "`[async]f` is not in kebab case");
    }

    @Test
    void interfaceNamesHaveParts() throws Exception {
        ExternName.InterfaceName name = (ExternName.InterfaceName) parse("wasi:http/types@0.2.1-rc.2");
        assertThat(name.packagePath()).isEqualTo("wasi:http");
        assertThat(name.interfaceName()).isEqualTo("types");
        assertThat(name.semanticVersion()).isEqualTo(SemanticVersion.parse("0.2.1-rc.2"));
        assertThat(((ExternName.InterfaceName) parse("a:b/c")).version()).isNull();
        refused("a:b", "expected `/` after package name");
        refused("a:b/c/d", "trailing characters found: `/d`");
        refused("A:b/c", "is not in kebab case of lower case words");
        refused("a:b/c@1", "invalid interface version");
        refused("a:b/c@", "invalid interface version");
        refused("a:b:c/d", "expected `/`");
        refused("a:/c", "is not in kebab case");
    }

    @Test
    void nestedNamesAreGated() throws Exception {
        ExternName.InterfaceName name = (ExternName.InterfaceName) ExternName.parse("a:b:c/d/e@1.0.0", true, null);
        assertThat(name.namespaces()).containsExactly("a", "b");
        assertThat(name.packageName()).isEqualTo("c");
        assertThat(name.projections()).containsExactly("d", "e");
    }

    @Test
    void aCanonicalVersionAndItsSuffixMakeAVersion() throws Exception {
        assertThat(ExternName.parse("a:b/c@1", false, ".2.3").text()).isEqualTo("a:b/c@1");
        assertThat(ExternName.parse("a:b/c@0.2", false, ".3").text()).isEqualTo("a:b/c@0.2");
        assertThatThrownBy(() -> ExternName.parse("a:b/c@1.2", false, ".3"))
                .hasMessageContaining("the canonical form of 1.2.3 is 1");
        assertThatThrownBy(() -> ExternName.parse("a:b/c@1", false, "2.3"))
                .hasMessageContaining("invalid interface version");
    }

    @Test
    void dependenciesAreNamedByPackageUrlOrHash() throws Exception {
        for (String name : List.of(
                "unlocked-dep=<a:b>",
                "unlocked-dep=<a:b@*>",
                "unlocked-dep=<a:b@{>=1.2.3 <2.0.0}>",
                "unlocked-dep=<a:b@{<2.0.0-rc}>",
                "locked-dep=<a:b@1.2.3>,integrity=<sha256-aa==>",
                "url=<https://example.test/x>",
                "url=<x>,integrity=<sha512-a>",
                "integrity=<sha384-YQ==?option>")) {
            assertThat(parse(name)).as(name).isInstanceOf(ExternName.Dependency.class);
        }
        refused("unlocked-dep=<a:b@{}>", "expected `<`");
        refused("unlocked-dep=<a>", "expected `:`");
        refused("locked-dep=<a:b@1>", "is not a valid semver");
        refused("url=<a<b>", "expected `>`");
        refused("integrity=<md5-a>", "is no integrity");
        refused("integrity=<>", "is no integrity");
    }

    @Test
    void namesBesideEachOtherAreStronglyUnique() throws Exception {
        UniqueNames names = new UniqueNames();
        for (String name : List.of("r", "[constructor]r", "[method]r.a", "a:b/c", "a:b/c@1.0.0", "[method]s.a")) {
            assertThat(names.add(parse(name))).as(name).isNull();
        }
        assertThat(names.add(parse("R"))).isEqualTo(parse("r"));
        assertThat(names.add(parse("[static]R.A"))).isEqualTo(parse("[method]r.a"));
        assertThat(names.add(parse("[method]r.r"))).isEqualTo(parse("r"));
        assertThat(names.add(parse("a:b/c"))).isEqualTo(parse("a:b/c"));
    }
}
