package dev.cgnat.bench;

import java.io.Console;

/** Whether a person watches. */
final class Terminal {
    private Terminal() {}

    /**
     * Whether standard input and output are a terminal. From Java 22 on there is a console even without one, and it must
     * be asked by a method that Java 17 does not have.
     */
    @SuppressWarnings("SystemConsoleNull") // null is what Java 17 says, and the rest is for later ones
    static boolean isInteractive() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
        } catch (NoSuchMethodException e) {
            return true; // before Java 22 a console is a terminal
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
