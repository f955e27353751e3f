package dev.cgnat.proxy;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.cgnat.core.Nat;
import dev.cgnat.proxy.egress.NatGate;
import io.netty.channel.ChannelPipeline;

/** Which part may know which. */
@AnalyzeClasses(packages = "dev.cgnat.proxy", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String TIMED_NAT = "dev\\.cgnat\\.proxy\\.egress\\.TimedNat";

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("dev.cgnat.proxy.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule insideOfTheCoreIsNotUsed = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.cgnat.core.port..", "dev.cgnat.core.pool..", "dev.cgnat.core.subscriber..");

    /** The gate is the lock, and TimedNat what it calls under it: nobody else knows either the NAT or that. */
    @ArchTest
    static final ArchRule threadsMeetTheNatInOneClass = classes()
            .that()
            .doNotBelongToAnyOf(NatGate.class)
            .and()
            .haveNameNotMatching(TIMED_NAT)
            .should()
            .onlyDependOnClassesThat(
                    nameMatching("(?!(" + Nat.class.getName().replace(".", "\\.") + "|" + TIMED_NAT + ")$).*"));

    @ArchTest
    static final ArchRule clientPipelinesAreBuiltInOneClass = noClasses()
            .that()
            .haveNameNotMatching("dev\\.cgnat\\.proxy\\.(ingress\\.ClientPipeline|admin\\..*)")
            .should()
            .callMethodWhere(JavaMethodCall.Predicates.target(owner(assignableTo(ChannelPipeline.class)))
                    .and(JavaMethodCall.Predicates.target(nameMatching("add.*|replace|remove.*"))));

    @ArchTest
    static final ArchRule oneClassNamesThePrometheusRegistry = noClasses()
            .that()
            .haveNameNotMatching("dev\\.cgnat\\.proxy\\.metrics\\.PrometheusExposition")
            .should()
            .dependOnClassesThat(resideInAPackage("io.micrometer.prometheus.."));

    @ArchTest
    static final ArchRule oneClassNamesTheKindOfPrometheusClient = noClasses()
            .that()
            .haveNameNotMatching("dev\\.cgnat\\.proxy\\.metrics\\.PrometheusExposition(\\$.*)?")
            .should()
            .dependOnClassesThat(resideInAPackage("io.prometheus.."));

    @ArchTest
    static final ArchRule configurationKnowsNoSockets = noClasses()
            .that()
            .resideInAPackage("dev.cgnat.proxy.config..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty..", "java.nio.channels..", "io.micrometer..", "reactor..");

    @ArchTest
    static final ArchRule relayKnowsNoAllocator = noClasses()
            .that()
            .resideInAPackage("dev.cgnat.proxy.relay..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.cgnat.proxy.egress..", "dev.cgnat.proxy.ingress..");

    @ArchTest
    static final ArchRule dataPlaneDoesNotKnowTheAdministrator = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.cgnat.proxy.ingress..",
                    "dev.cgnat.proxy.egress..",
                    "dev.cgnat.proxy.relay..",
                    "dev.cgnat.proxy.transport..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.cgnat.proxy.admin..", "reactor..", "picocli..");

    @ArchTest
    static final ArchRule nothingElseNeedsJUnitToRun = noClasses()
            .that()
            .resideOutsideOfPackage("dev.cgnat.proxy.junit")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.cgnat.proxy.junit", "org.junit..", "org.opentest4j..");
}
