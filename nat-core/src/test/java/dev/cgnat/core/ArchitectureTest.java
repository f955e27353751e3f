package dev.cgnat.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.concurrent.ThreadLocalRandom;

/** The core decides and owns nothing: no clock, thread, lock, socket, log or hidden randomness. */
@AnalyzeClasses(packages = "dev.cgnat.core", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule noPackageCycles =
            slices().matching("dev.cgnat.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule dependsOnAlmostNothing = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "javax.crypto..", "org.jspecify..", "dev.cgnat.core..");

    @ArchTest
    static final ArchRule noThreadsLocksSocketsOrLogs = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.netty..",
                    "java.nio.channels..",
                    "java.util.concurrent.locks..",
                    "java.util.logging..",
                    "org.slf4j..",
                    "java.io..")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Thread.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(ThreadLocalRandom.class);

    @ArchTest
    static final ArchRule noClockAndNoHiddenRandomness = noClasses()
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Math.class, "random");

    @ArchTest
    static final ArchRule onlyTheDoorNamesTheInside = noClasses()
            .that()
            .resideInAnyPackage("dev.cgnat.core.address..", "dev.cgnat.core.config..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.cgnat.core.port..",
                    "dev.cgnat.core.select..",
                    "dev.cgnat.core.pool..",
                    "dev.cgnat.core.subscriber..");
}
