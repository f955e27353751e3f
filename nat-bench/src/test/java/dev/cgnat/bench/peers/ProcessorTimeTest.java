package dev.cgnat.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class ProcessorTimeTest {
    @Test
    void timesOfAProcessAreThoseOfItsThreadsAndOfItsChildrenThatEnded() {
        String stat =
                "29833 (a (b) c) S 29806 29806 27289 0 -1 4194304 122 0 0 0 150 50 7 3 20 0 1 0 2310735 3133440 388";

        assertThat(ProcessorTime.ofStat(stat)).isEqualTo(2.10);
    }

    @Test
    void aMachineWorksWhenItIsNeitherIdleNorWaiting() {
        String stat = """
                cpu  100 20 30 9000 400 5 45 77 0 0
                cpu0 50 10 15 4500 200 2 22 38 0 0
                """;

        assertThat(ProcessorTime.ofMachine(stat)).isEqualTo(2.00);
    }

    @Test
    void residentMemoryIsALineOfTheStatus() {
        assertThat(ProcessorTime.ofStatus("Name:\tjava\nVmHWM:\t  300 kB\nVmRSS:\t   2768 kB\nThreads:\t3\n"))
                .isEqualTo(2768);
        assertThat(ProcessorTime.ofStatus("Name:\tkthreadd\n")).isZero();
    }

    @Test
    void aProcessThatHasEndedCostsNothing() {
        assertThat(ProcessorTime.seconds(Long.MAX_VALUE)).isZero();
        assertThat(ProcessorTime.compilerSeconds(Long.MAX_VALUE)).isZero();
        assertThat(ProcessorTime.residentKib(Long.MAX_VALUE)).isZero();
        assertThat(ProcessorTime.descriptors(Long.MAX_VALUE)).isZero();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theCompilersOfAJavaProcessAreAPartOfIt() {
        long own = ProcessHandle.current().pid();

        double compilers = ProcessorTime.compilerSeconds(own);

        assertThat(compilers).isPositive().isLessThan(ProcessorTime.seconds(own));
    }

    @Test
    void systemCallsAreReadWithAndWithoutErrors() {
        SystemCalls calls = SystemCalls.parse("""
                % time     seconds  usecs/call     calls    errors syscall
                ------ ----------- ----------- --------- --------- ----------------
                 39.24    0.012345          12      1000         4 epoll_ctl
                 20.00    0.001000           5       200           close
                  0.76    0.000010          10         1           futex
                ------ ----------- ----------- --------- --------- ----------------
                100.00    0.013355                  1201         4 total
                """);

        assertThat(calls.calls()).isEqualTo(Map.of("epoll_ctl", 1000L, "close", 200L, "futex", 1L));
        assertThat(calls.total()).isEqualTo(1201);
        assertThat(calls.most(100)).isEqualTo("epoll_ctl 10.0, close 2.0, futex 0.0");
    }

    @Test
    void aSummaryThatIsEmptyHasNoCalls() {
        assertThat(SystemCalls.parse("").total()).isZero();
    }
}
