package dev.cgnat.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Memory follows what is in use: 200,000 destinations with a flow each, in a JVM of its own with a heap of 512 MiB. */
class NatHeapTest {
    private static final int DESTINATIONS = 200_000;

    @ParameterizedTest
    @EnumSource
    void twoHundredThousandDestinationsFitASmallHeap(Pooling pooling) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        NatHeapTest.class.getName(),
                        pooling.name())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output.lines()).contains("sessions 200000, units 200000, rested 0, left 0");
    }

    /** Opens all, closes all, lets all rest; the argument is a {@link Pooling}. */
    public static void main(String[] args) {
        IpAddress first = IpAddress.ofIpv4(127, 0, 1, 0);
        PoolConfig pool = PoolConfig.defaults("main", List.of(new AddressRange(first, first.plus(255))))
                .withPooling(Pooling.valueOf(args[0]));
        Binding[] bindings = new Binding[DESTINATIONS];
        Nat nat = new Nat(NatConfig.of(pool), new Random(1), event -> {});
        for (int i = 0; i < DESTINATIONS; i++) {
            FlowRequest request = new FlowRequest(
                    "main",
                    new Subscriber("s" + i % 5_000),
                    new Endpoint(IpAddress.ofIpv4(10, 0, 0, 1), 40_000),
                    new Endpoint(IpAddress.ofIpv4(100, 64, 0, 0).plus(i), 443));
            bindings[i] = ((Outcome.Granted) nat.open(request, i)).binding();
        }
        NatSnapshot.PoolSnapshot full = nat.snapshot().pool("main");
        for (Binding binding : bindings) {
            nat.close(binding, CloseCause.CLIENT_FIN, DESTINATIONS);
        }
        nat.expire(Long.MAX_VALUE / 2, Integer.MAX_VALUE);
        NatSnapshot.PoolSnapshot empty = nat.snapshot().pool("main");
        System.out.println("sessions " + full.sessions() + ", units " + full.units() + ", rested " + empty.heldSlots()
                + ", left " + (empty.units() + empty.sessions()));
    }
}
