package dev.cgnat.proxy.junit;

import dev.cgnat.proxy.StartException;
import dev.cgnat.proxy.config.ConfigException;
import dev.cgnat.proxy.config.ConfigLoader;
import dev.cgnat.proxy.config.ProxyConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Does what {@link NatTest} asks for. */
final class NatExtension implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(NatExtension.class);
    private static final String CLASS_PATH = "classpath:";

    @Override
    public void beforeAll(ExtensionContext context) {
        Optional<NatTest> test = AnnotationSupport.findAnnotation(context.getRequiredTestClass(), NatTest.class);
        test.ifPresent(wanted -> store(context).put(NatLab.class, start(wanted, context.getRequiredTestClass())));
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        lab(context).beginTest();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        NatLab own = store(context).remove(NatLab.class, NatLab.class); // of this class, never of the one around it
        if (own != null) {
            own.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == NatLab.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return lab(context);
    }

    private static NatLab lab(ExtensionContext context) {
        return Objects.requireNonNull(store(context).get(NatLab.class, NatLab.class));
    }

    private static Store store(ExtensionContext context) {
        return context.getStore(NAMESPACE);
    }

    private static NatLab start(NatTest test, Class<?> testClass) {
        try {
            return NatLab.start(load(test, testClass));
        } catch (ConfigException e) {
            throw refused(
                    testClass,
                    e,
                    String.valueOf(e.getMessage())
                            .replace("--set ", "overrides ")
                            .replace("--profile ", "profile "));
        } catch (IllegalArgumentException | IOException e) {
            throw refused(testClass, e, String.valueOf(e.getMessage()));
        }
    }

    private static ExtensionConfigurationException refused(Class<?> testClass, Exception cause, String message) {
        return new ExtensionConfigurationException(
                "@NatTest of " + testClass.getName() + (cause instanceof StartException ? " cannot start: " : ": ")
                        + message,
                cause);
    }

    private static ProxyConfig load(NatTest test, Class<?> testClass) throws ConfigException, IOException {
        Optional<String> profile = Optional.of(test.profile()).filter(name -> !name.isEmpty());
        List<String> overrides = List.of(test.overrides());
        if (!test.config().startsWith(CLASS_PATH)) {
            Optional<Path> file =
                    Optional.of(test.config()).filter(name -> !name.isEmpty()).map(Path::of);
            return ConfigLoader.load(file, profile, overrides);
        }
        String resource = test.config().substring(CLASS_PATH.length());
        try (InputStream content = testClass.getClassLoader().getResourceAsStream(resource)) {
            if (content == null) {
                throw new IllegalArgumentException(
                        "config: " + test.config() + " (expected: a file, or a resource of the test's class path)");
            }
            Path folder = Files.createTempDirectory("nat-test"); // a resource may stand in a jar, where no path leads
            Path copy = folder.resolve(String.valueOf(Path.of(resource).getFileName()));
            try {
                Files.copy(content, copy);
                return ConfigLoader.load(Optional.of(copy), profile, overrides);
            } finally {
                Files.deleteIfExists(copy);
                Files.delete(folder);
            }
        }
    }
}
