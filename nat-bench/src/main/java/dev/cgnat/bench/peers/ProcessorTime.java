package dev.cgnat.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Processor time and memory of processes, from {@code /proc} (proc_pid_stat(5), proc_stat(5), proc_pid_status(5)). */
final class ProcessorTime {
    private static final Path PROC = Path.of("/proc");
    /** Of {@code sysconf(_SC_CLK_TCK)}, which is 100 on every Linux that Java runs on. */
    private static final double TICKS_PER_SECOND = 100;
    /** Where utime, stime, cutime and cstime stand behind the name of the program. */
    private static final int FIRST_TIME = 11;

    private static final int LAST_TIME = 14;
    /** user, nice, system, idle, iowait, irq, softirq: what the first line of {@code /proc/stat} begins with. */
    private static final int IDLE = 3;

    private static final int IO_WAIT = 4;
    private static final int SOFT_IRQ = 6;
    private static final Pattern COMPILER = Pattern.compile("\\(C[12] Compiler");

    private ProcessorTime() {}

    /** Seconds that the process, its threads and its descendants have had, those that ended included. */
    static double seconds(long pid) {
        return processes(pid)
                .mapToDouble(
                        one -> read("" + one, "stat").map(ProcessorTime::ofStat).orElse(0.0))
                .sum();
    }

    /** Seconds that the compilers of a Java process have had, 0 of any other; the threads have their names from HotSpot. */
    static double compilerSeconds(long pid) {
        try (Stream<Path> threads = Files.list(PROC.resolve(pid + "/task"))) {
            return threads.flatMap(thread -> read("" + pid, "task", "" + thread.getFileName(), "stat").stream())
                    .filter(stat -> COMPILER.matcher(stat).find())
                    .mapToDouble(ProcessorTime::ofStat)
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    /** Resident memory of the process and its descendants in KiB. */
    static long residentKib(long pid) {
        return processes(pid)
                .mapToLong(one ->
                        read("" + one, "status").map(ProcessorTime::ofStatus).orElse(0L))
                .sum();
    }

    /** Open descriptors of the process. */
    static long descriptors(long pid) {
        try (Stream<Path> files = Files.list(PROC.resolve(pid + "/fd"))) {
            return files.count();
        } catch (IOException e) {
            return 0;
        }
    }

    /** Seconds that all processors of the machine have worked. */
    static double machineSeconds() {
        return read("stat").map(ProcessorTime::ofMachine).orElse(0.0);
    }

    /** The name of the program may hold blanks and brackets, so fields count from its closing bracket. */
    static double ofStat(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ");
        return Arrays.stream(fields, FIRST_TIME, LAST_TIME + 1)
                        .mapToLong(Long::parseLong)
                        .sum()
                / TICKS_PER_SECOND;
    }

    static long ofStatus(String status) {
        return status.lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    static double ofMachine(String stat) {
        String[] fields = stat.lines().findFirst().orElse("").split(" +", -1);
        long busy = 0;
        for (int i = 0; i <= SOFT_IRQ && i + 1 < fields.length; i++) {
            busy += i == IDLE || i == IO_WAIT ? 0 : Long.parseLong(fields[i + 1]);
        }
        return busy / TICKS_PER_SECOND;
    }

    /** The process and its descendants. */
    static Stream<Long> processes(long pid) {
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        return Stream.concat(
                Stream.of(pid),
                process.stream().flatMap(ProcessHandle::descendants).map(ProcessHandle::pid));
    }

    private static Optional<String> read(String... names) {
        try {
            return Optional.of(Files.readString(PROC.resolve(String.join("/", names))));
        } catch (IOException e) {
            return Optional.empty(); // it has ended
        }
    }
}
