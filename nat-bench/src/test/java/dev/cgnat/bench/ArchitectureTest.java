package dev.cgnat.bench;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;

@AnalyzeClasses(packages = "dev.cgnat.bench", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
    private static final Set<String> FACADE = Set.of(
            "dev.cgnat.proxy.CompletionCommand",
            "dev.cgnat.proxy.ManCommand",
            "dev.cgnat.proxy.NatProxy",
            "dev.cgnat.proxy.StartException",
            "dev.cgnat.proxy.SyntheticSessions",
            "dev.cgnat.proxy.VersionProvider");

    private static final Set<String> GATE =
            Set.of("dev.cgnat.proxy.egress.NatGate", "dev.cgnat.proxy.egress.RefusalText");

    @ArchTest
    static final ArchRule usesOnlyTheFacadeTheConfigurationAndTheTransportOfTheProxy = noClasses()
            .that()
            .resideOutsideOfPackage("dev.cgnat.bench.jmh..")
            .should()
            .dependOnClassesThat(describe(
                    "are inside nat-proxy",
                    (JavaClass type) -> type.getPackageName().startsWith("dev.cgnat.proxy")
                            && !type.getPackageName().equals("dev.cgnat.proxy.config")
                            && !type.getPackageName().equals("dev.cgnat.proxy.transport")
                            && !FACADE.contains(type.getName())));

    /** Costs cannot be measured from outside: the microbenchmarks call the gate and the core directly. */
    @ArchTest
    static final ArchRule theMicrobenchmarksUseOnlyTheGateOfTheProxy = noClasses()
            .that()
            .resideInAPackage("dev.cgnat.bench.jmh..")
            .should()
            .dependOnClassesThat(describe(
                    "are inside nat-proxy, but for the gate and what it is made from",
                    (JavaClass type) ->
                            type.getPackageName().startsWith("dev.cgnat.proxy") && !GATE.contains(type.getName())));

    @ArchTest
    static final ArchRule onlyTheMicrobenchmarksKnowThePortSpace = noClasses()
            .that()
            .resideOutsideOfPackage("dev.cgnat.bench.jmh..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.cgnat.core.port..");

    @ArchTest
    static final ArchRule packagesFormNoCycle =
            slices().matching("dev.cgnat.bench.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule whatCommandsUseKnowsNoCommand = noClasses()
            .that()
            .resideOutsideOfPackage("dev.cgnat.bench")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.cgnat.bench");

    @ArchTest
    static final ArchRule theDriverKnowsNoProxy = noClasses()
            .that()
            .resideInAPackage("dev.cgnat.bench.load..")
            .should()
            .dependOnClassesThat(describe(
                    "are of nat-proxy, but for the sockets",
                    (JavaClass type) -> type.getPackageName().startsWith("dev.cgnat.proxy")
                            && !type.getPackageName().equals("dev.cgnat.proxy.transport")));

    @ArchTest
    static final ArchRule arithmeticOpensNoSocket = classes()
            .that()
            .resideInAPackage("dev.cgnat.bench.size..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                            "java.lang..",
                            "java.util..",
                            "java.time..",
                            "dev.cgnat.core..",
                            "dev.cgnat.bench.size..",
                            "dev.cgnat.bench.workload..",
                            "org.apache.commons.statistics..",
                            "org.jspecify..")
                    .or(describe(
                            "is how long a flow lives",
                            (JavaClass type) -> type.getName().equals("dev.cgnat.bench.load.HoldTime"))));
}
