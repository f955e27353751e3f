package dev.cgnat.proxy.egress;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import dev.cgnat.core.Nat;
import java.util.List;
import java.util.stream.Stream;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;

/** What threads see of one {@link NatGate} is what one thread would see of the Nat alone, in some order of their calls. */
class NatGateLincheckTest {
    @Test
    void threadsThatRunAtWillSeeOneOrder() {
        stress(2).check(GatedFlows.class);
    }

    /**
     * One thread starts to wait and gives up, while the other frees a port for it. Threads are switched between any two
     * accesses to memory in the gate; a decision counts as one, as it is made under the lock. A gate that does not lock
     * forgets to tell who waits.
     */
    @Test
    @EnabledForJreRange(maxVersion = 24, disabledReason = "Lincheck 3.4 cannot read the class files of Java 25")
    void threadsThatAreSwitchedAnywhereInTheGateSeeOneOrder() throws NoSuchMethodException {
        ExecutionScenario scenario = new ExecutionScenario(
                List.of(call("open", 0), call("open", 0)),
                List.of(List.of(call("open", 1), call("cancel", 1)), List.of(call("reset", 0), call("finish", 0))),
                List.of(call("hourPasses"), call("timerRuns"), call("counts")),
                call("everybodyKnows"));
        new ModelCheckingOptions()
                .addCustomScenario(scenario)
                .iterations(0)
                .invocationsPerIteration(30)
                .minimizeFailedScenario(false)
                .addGuarantee(forClasses(Nat.class.getName()).allMethods().treatAsAtomic())
                .sequentialSpecification(PlainFlows.class)
                .check(GatedFlows.class);
    }

    @Test
    void natWithoutItsGateIsCaught() {
        assertThatThrownBy(() -> stress(50).check(PlainFlows.class)).isInstanceOf(LincheckAssertionError.class);
    }

    /** A failure ends it at once. */
    private static StressOptions stress(int scenarios) {
        return new StressOptions()
                .threads(3)
                .actorsBefore(2)
                .actorsPerThread(3)
                .actorsAfter(2)
                .iterations(scenarios)
                .invocationsPerIteration(500)
                .minimizeFailedScenario(false)
                .sequentialSpecification(PlainFlows.class);
    }

    private static Actor call(String operation, Integer... arguments) throws NoSuchMethodException {
        Class<?>[] types = Stream.of(arguments).map(argument -> int.class).toArray(Class<?>[]::new);
        return new Actor(GatedFlows.class.getMethod(operation, types), List.of(arguments));
    }
}
