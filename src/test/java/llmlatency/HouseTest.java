package llmlatency;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The house of contributing.md: who stands on which floor, and who may use which tool. */
class HouseTest {
    private static final String ROOT = "llmlatency";

    /** From the ground up; names on one floor never see each other. The root package is the door: Main. */
    private static final List<Set<String>> FLOORS = List.of(
            Set.of("units"),
            Set.of("work", "document"),
            Set.of("model", "hardware"),
            Set.of("engine"),
            Set.of("checkpoint", "estimate"),
            Set.of("profile"),
            Set.of("study", "calibration"),
            Set.of("report"),
            Set.of("cli"),
            Set.of(""));

    private static final String[] PHYSICS = Stream.of("units", "work", "model", "hardware", "engine", "estimate")
            .map(room -> ROOT + "." + room)
            .toArray(String[]::new);

    private static final JavaClasses PROGRAM = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void everyPackageStandsOnAFloorOfTheHouse() {
        assertThat(PROGRAM)
                .isNotEmpty()
                .allSatisfy(type -> assertThat(floor(type))
                        .as("floor of %s", type.getName())
                        .isNotNegative());
    }

    @Test
    void aPackageSeesOnlyTheFloorsBelow() {
        classes().should(seeOnlyFloorsBelow()).check(PROGRAM);
    }

    @Test
    void onlyDocumentsAndReportsKnowJackson() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".document", ROOT + ".report")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.fasterxml..", "tools.jackson..")
                .check(PROGRAM);
    }

    @Test
    void onlyMeasurementsAreReadWithCommonsCsv() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".calibration")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.commons..")
                .check(PROGRAM);
    }

    @Test
    void onlyTheCommandLineKnowsPicocli() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT, ROOT + ".cli")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(PROGRAM);
    }

    @Test
    void physicsIsPlainJavaThatReadsNoFiles() {
        noClasses()
                .that()
                .resideInAnyPackage(PHYSICS)
                .should()
                .dependOnClassesThat(resideOutsideOfPackages(PHYSICS)
                        .and(resideOutsideOfPackages(
                                "java.lang..",
                                "java.util",
                                "java.util.function",
                                "java.util.stream",
                                "org.jspecify..")))
                .check(PROGRAM);
    }

    @Test
    void onlyMainEndsTheProcess() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(ROOT + ".Main")
                .should()
                .accessTargetWhere(describe("ends the process", HouseTest::endsTheProcess))
                .check(PROGRAM);
    }

    @Test
    void nothingUsesTheNetwork() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net..", "javax.net..", "java.nio.channels.spi..", "java.rmi..")
                .check(PROGRAM);
    }

    @Test
    void nothingLogs() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.util.logging..", "org.slf4j..")
                .check(PROGRAM);
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(PROGRAM)
                .extracting(JavaClass::getPackage)
                .allSatisfy(room -> assertThat(room.isAnnotatedWith(NullMarked.class))
                        .as("@NullMarked on %s", room.getName())
                        .isTrue());
    }

    private static boolean endsTheProcess(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        return (owner.equals("java.lang.System") || owner.equals("java.lang.Runtime"))
                && (access.getName().equals("exit") || access.getName().equals("halt"));
    }

    /** The number of a class's floor; -1 where its package has none. */
    private static int floor(JavaClass type) {
        String room = room(type);
        for (int i = 0; i < FLOORS.size(); i++) {
            if (FLOORS.get(i).contains(room)) {
                return i;
            }
        }
        return -1;
    }

    private static String room(JavaClass type) {
        String name = type.getPackageName();
        return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
    }

    private static ArchCondition<JavaClass> seeOnlyFloorsBelow() {
        return new ArchCondition<>("see only the floors below") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getDirectDependenciesFromSelf().stream()
                        .filter(seen -> seen.getTargetClass().getPackageName().startsWith(ROOT))
                        .filter(seen -> !room(seen.getTargetClass()).equals(room(type)))
                        .filter(seen -> floor(seen.getTargetClass()) >= floor(type))
                        .forEach(seen -> events.add(SimpleConditionEvent.violated(type, seen.getDescription())));
            }
        };
    }
}
