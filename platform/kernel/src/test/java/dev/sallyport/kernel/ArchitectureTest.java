package dev.sallyport.kernel;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** Which package may use what. */
@AnalyzeClasses(packages = "dev.sallyport", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchRule kernelNamesNoPlugin = noClasses()
            .that()
            .resideInAPackage("dev.sallyport.kernel..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.sallyport.plugins..");

    @ArchTest
    static final ArchRule onlyHttpUsesJettysServer = onlyIn(
            "dev.sallyport.kernel.http..",
            "org.eclipse.jetty.server..",
            "org.eclipse.jetty.http2.server..",
            "org.eclipse.jetty.unixdomain..");

    @ArchTest
    static final ArchRule onlyUpstreamUsesAnHttpClient =
            onlyIn("dev.sallyport.kernel.upstream..", "org.eclipse.jetty.client..", "org.eclipse.jetty.http2.client..");

    @ArchTest
    static final ArchRule onlyScriptUsesGraal = onlyIn("dev.sallyport.kernel.script..", "org.graalvm..");

    @ArchTest
    static final ArchRule onlyDiscoveryAsksNameServers = onlyIn("dev.sallyport.kernel.discovery..", "org.xbill..");

    @ArchTest
    static final ArchRule onlyPluginUsesPf4j = onlyIn("dev.sallyport.kernel.plugin..", "org.pf4j..");

    @ArchTest
    static final ArchRule onlyDoctorReadsHeapDumps = onlyIn("dev.sallyport.kernel.doctor..", "org.netbeans..");

    @ArchTest
    static final ArchRule onlyTlsUsesAcme = onlyIn("dev.sallyport.kernel.tls..", "org.shredzone..");

    /** The test kit, which is no part of the gateway, reads metrics too. */
    @ArchTest
    static final ArchRule onlyTelemetryUsesTheSdkOfMetrics = noClasses()
            .that(resideInAPackage("dev.sallyport.kernel..")
                    .and(not(resideInAPackage("dev.sallyport.kernel.telemetry.."))))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.opentelemetry.sdk..", "io.prometheus..");

    /** The doctor is told whom to examine: it knows no plugin's life, steps or chains. */
    @ArchTest
    static final ArchRule doctorKnowsNobody = noClasses()
            .that()
            .resideInAPackage("dev.sallyport.kernel.doctor..")
            .should()
            .dependOnClassesThat(
                    resideInAPackage("dev.sallyport..").and(not(resideInAPackage("dev.sallyport.kernel.doctor.."))));

    @ArchTest
    static final ArchRule apiNeedsNothingElse = classes()
            .that()
            .resideInAPackage("dev.sallyport.api..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                            "java..",
                            "javax..",
                            "dev.sallyport.api..",
                            "io.opentelemetry.api.common..",
                            "io.opentelemetry.api.metrics..",
                            "org.jspecify.annotations..")
                    .or(named("org.pf4j.ExtensionPoint", "org.pf4j.Extension")));

    @ArchTest
    static final ArchRule marketplaceKnowsNeitherKernelNorFiles = classes()
            .that()
            .resideInAPackage("dev.sallyport.marketplace..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                            "java.lang..",
                            "java.math..",
                            "java.nio",
                            "java.nio.charset..",
                            "java.security..",
                            "java.time..",
                            "java.util..",
                            "dev.sallyport.api..",
                            "dev.sallyport.marketplace..",
                            "org.jspecify.annotations..",
                            "tools.jackson..")
                    .or(named("java.io.ByteArrayOutputStream")));

    /** The API is exempt from these rules here: what it may use is stated above, and is less. */
    private static ArchRule onlyIn(String home, String... library) {
        return noClasses()
                .that(resideInAPackage("dev.sallyport..")
                        .and(not(resideInAPackage(home)))
                        .and(not(resideInAPackage("dev.sallyport.api.."))))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(library)
                .allowEmptyShould(true);
    }

    private static DescribedPredicate<JavaClass> named(String... names) {
        return DescribedPredicate.describe(
                String.join(" or ", names), type -> List.of(names).contains(type.getName()));
    }
}
