package dev.cgnat.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cgnat.core.Refusal;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.ReuseScope;
import dev.cgnat.proxy.config.ConfigLoader;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.PostgresProcess;
import dev.cgnat.proxy.testing.PostgresProcess.Result;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Wire;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The application that ran out of ports on Windows Server 2003: a connection to the database for every transaction. */
@ExtendWith(NoLeaks.class)
class PostgresIT {
    private static final int PORTS = 20;
    /** More than are needed if the server's FIN is the first to pass nearly always, as on a machine that stops clients amid a close. */
    private static final int MANY = 2_000;

    private static PostgresProcess postgres;

    @BeforeAll
    static void start() throws Exception {
        postgres = PostgresProcess.start("127.0.14.40");
    }

    @AfterAll
    static void stop() throws IOException {
        if (postgres != null) {
            postgres.close();
        }
    }

    @Test
    void connectionPerTransactionRunsDryAtTheLastPort() throws Exception {
        try (Rig rig = windows2003("120s", "127.0.14.41")) {
            Result result = bench(rig, "--connect", "--transactions=" + MANY);
            assertThat(result.exitCode()).as(result.output()).isEqualTo(2);
            assertThat(result.output())
                    .contains("number of transactions actually processed: "
                            + (rig.pool().granted() - 1) + "/" + MANY)
                    .contains("Run was aborted");
            // All but one for a transaction: the first was for a look at the server's version. More than there are
            // ports where the
            // server's FIN was the first to pass, as such a port does not rest here.
            assertThat(rig.pool().granted()).isBetween((long) PORTS, MANY - 1L);
            assertThat(rig.pool().refused()).containsEntry(Refusal.HELD, 1L);
            await().atMost(Wire.GUARD).until(() -> rig.pairs().held() == PORTS);
        }
    }

    @Test
    void connectionPerTransactionGoesOnBelowPortsByHold() throws Exception {
        try (Rig rig = windows2003("100ms", "127.0.14.42")) { // 20 ports / 0.1 s = 200 a second
            Result result = bench(rig, "--connect", "--transactions=40", "--rate=10");
            assertThat(result.exitCode()).as(result.output()).isZero();
            assertThat(rig.pool().granted()).isEqualTo(1 + 40);
            assertThat(rig.pool().refused().values()).containsOnly(0L);
        }
    }

    @Test
    void oneConnectionForAllTransactionsNeverRunsDry() throws Exception {
        try (Rig rig = windows2003("120s", "127.0.14.43")) {
            Result result = bench(rig, "--transactions=1000");
            assertThat(result.exitCode()).as(result.output()).isZero();
            assertThat(result.output()).contains("number of transactions actually processed: 1000/1000");
            assertThat(rig.pool().granted()).isEqualTo(2);
            assertThat(rig.pool().refused().values()).containsOnly(0L);
        }
    }

    private static Result bench(Rig rig, String... options) throws IOException, InterruptedException {
        return postgres.bench(rig.proxy().address(Proxies.FORWARD), options);
    }

    /** A forward to the database out of {@link #PORTS} ports by the rules of that host, but for how long it holds them. */
    private static Rig windows2003(String hold, String address) throws Exception {
        PoolConfig pool = ConfigLoader.load(
                        Optional.empty(),
                        Optional.of("windows-2003-default"),
                        List.of(
                                "pools.0.addresses=" + address,
                                "pools.0.ports=20000-" + (20_000 + PORTS - 1),
                                "pools.0.hold-down.client-fin=" + hold))
                .nat()
                .pools()
                .get(0);
        assertThat(pool.reuseScope()).isEqualTo(ReuseScope.HOST);
        return Rig.start(Proxies.with(pool).forwardTo(postgres.address()));
    }
}
