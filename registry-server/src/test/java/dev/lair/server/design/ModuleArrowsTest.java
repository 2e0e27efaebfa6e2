package dev.lair.server.design;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.lair.server.LairServer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.web.bind.annotation.RestController;

/** Arrows point down only (architecture, "Modules"), as the classes have them and not as the poms say. */
class ModuleArrowsTest {

    private static final JavaClasses LAIR = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // Fixtures of the storage module come as a jar.
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("dev.lair");

    @Test
    void everyModuleIsLookedAt() {
        Set<String> modules = LAIR.stream()
                .map(type -> type.getPackageName().split("\\.")[2])
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(modules).contains("transparency", "component", "signing", "registry", "storage", "server");
    }

    @ParameterizedTest
    @CsvSource({
        "transparency, ''",
        "component, ''",
        "openapi, ''",
        "signing, 'transparency'",
        "registry, 'transparency,signing,component'",
        "storage, 'transparency,signing'",
        "server, 'transparency,signing,registry,storage,component'"
    })
    void moduleDependsOnlyOnWhatLiesBelow(String module, String below) {
        List<String> forbidden =
                List.of("transparency", "component", "openapi", "signing", "registry", "storage", "server", "cli")
                        .stream()
                        .filter(other -> !other.equals(module)
                                && !List.of(below.split(",")).contains(other))
                        .map(other -> "dev.lair." + other + "..")
                        .toList();
        noClasses()
                .that()
                .resideInAPackage("dev.lair." + module + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden.toArray(String[]::new))
                .allowEmptyShould(true)
                .check(LAIR);
    }

    @Test
    void noStorageBackendUsesAnother() {
        slices().matching("dev.lair.storage.(*)..")
                .should()
                .notDependOnEachOther()
                .check(LAIR);
        noClasses()
                .that()
                .resideInAPackage("dev.lair.storage")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.lair.storage.*")
                .check(LAIR);
    }

    @Test
    void onlyStorageBackendsSpeakSql() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.lair.storage..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite..", "com.zaxxer..", "org.flywaydb..")
                .check(LAIR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"transparency", "component", "signing", "registry", "storage"})
    void nothingBelowTheServerKnowsSpring(String module) {
        noClasses()
                .that()
                .resideInAPackage("dev.lair." + module + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "jakarta.servlet..")
                .check(LAIR);
    }

    @Test
    void serverHashesNothingItself() {
        noClasses()
                .that()
                .resideInAPackage("dev.lair.server..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.security.MessageDigest")
                .check(LAIR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Util", "Helper", "Manager", "Impl"})
    void noClassIsCalledWhatItIsNot(String word) {
        noClasses().should().haveSimpleNameContaining(word).check(LAIR);
    }

    @Test
    void noPackagesOfAModuleGoRoundInCircles() {
        for (String module : List.of("transparency", "component", "signing", "registry", "storage")) {
            slices().matching("dev.lair." + module + ".(**)")
                    .should()
                    .beFreeOfCycles()
                    .allowEmptyShould(true)
                    .check(LAIR);
        }
        slices().matching("dev.lair.server.(*)..").should().beFreeOfCycles().check(LAIR);
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<String> packages = LAIR.stream()
                .filter(type -> !type.getPackageName().startsWith("dev.lair.openapi"))
                .map(type -> type.getPackageName())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> marked = LAIR.stream()
                .filter(type -> type.getSimpleName().equals("package-info") && type.isAnnotatedWith(NullMarked.class))
                .map(type -> type.getPackageName())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(marked).containsAll(packages);
    }

    @Test
    void controllersAreNotPublic() {
        classes()
                .that()
                .areAnnotatedWith(RestController.class)
                .should()
                .bePackagePrivate()
                .check(LAIR);
    }

    @Test
    void featuresOfTheServerKeepToTheirDoors() {
        ApplicationModules.of(LairServer.class).verify();
    }
}
