package dev.cgnat.proxy.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.cgnat.core.Refusal;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

/** A program that opens a connection for each request, and what its tests are told. */
class ConnectPerRequestIT {
    private HttpServer backend;
    private Shop shop;

    @BeforeEach
    void startBackend() throws IOException {
        backend = Shop.startBackend();
        shop = new Shop(backend.getAddress());
    }

    @AfterEach
    void stopBackend() {
        backend.stop(0);
    }

    /** Orders so often; those that the NAT refuses fail. */
    private void order(NatLab nat, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            try {
                shop.orderAlone(nat.proxy());
            } catch (SocketException e) {
                assertThat(e).hasMessageContaining("SOCKS");
            }
        }
    }

    @Nested
    @NatTest(profile = "gcp-cloud-nat-static")
    class OnTheBlockOfOneMachine {
        @Test
        void runsDryAndIsToldWhy(NatLab nat) {
            assertThatThrownBy(() -> nat.assertPortsUsedAtMost(4, () -> order(nat, 120)))
                    .isInstanceOfSatisfying(AssertionFailedError.class, error -> {
                        assertThat(error.getExpected().getValue()).isEqualTo(4);
                        assertThat(error.getActual().getValue()).isEqualTo(64);
                    })
                    .message()
                    .matches("ports used: 64 \\(expected: at most 4\\)\n"
                            + "  what happened: 120 connections were opened, 56 of them refused \\(block_limit 56\\); 64"
                            + " ports towards 127.0.0.1:" + backend.getAddress().getPort()
                            + " were taken at a time, 6\\d of them at rest.\n"
                            + "  why: at most \\d lived at a time, but a port rests for 2m after its connection has ended,"
                            + " so each new connection takes another.\n"
                            + "  what to change: keep connections open and send the requests over them; a client with a"
                            + " pool of 4 connections would have used 4 ports for any number of requests.");
        }
    }

    @Nested
    @NatTest(profile = "aws-nat-gateway", overrides = "pools.0.ports=[1024-1055]")
    class OnASmallPool {
        @Test
        void isRefusedBecausePortsRest(NatLab nat) throws IOException {
            order(nat, 40);
            assertThat(nat.refusals()).isEqualTo(Map.of(Refusal.HELD, 8));
            assertThatThrownBy(nat::assertNothingRefused)
                    .isInstanceOf(AssertionFailedError.class)
                    .hasMessageContaining("connections refused: 8 (expected: none)")
                    .hasMessageContaining("40 connections were opened, 8 of them refused (held 8)")
                    .hasMessageContaining("why: held, 127.0.1.1: 32 slots, 0 live, 32 held")
                    .hasMessageContaining("a shorter hold-down");
        }
    }

    @Nested
    @NatTest(profile = "linux-default", overrides = "pools.0.ports=[1024-1055]")
    class KeepingManyAtTheSameTime {
        @Test
        void isToldThatTheyLivedTogether(NatLab nat) throws IOException {
            List<Socket> sockets = new ArrayList<>();
            try {
                assertThatThrownBy(() -> nat.assertPortsUsedAtMost(5, () -> {
                            for (int i = 0; i < 20; i++) {
                                Socket socket = new Socket(nat.proxy());
                                sockets.add(socket);
                                socket.connect(backend.getAddress());
                            }
                        }))
                        .hasMessageContaining("ports used: 20 (expected: at most 5)")
                        .hasMessageContaining("none was refused")
                        .hasMessageContaining("why: 20 connections lived at the same time");
            } finally {
                for (Socket socket : sockets) {
                    socket.close();
                }
            }
        }
    }

    @Nested
    @NatTest(profile = "gcp-cloud-nat-static")
    class WithFewEnoughRequests {
        @Test
        void failsOfTooManyPortsAlone(NatLab nat) {
            assertThat(nat.usedBy(() -> order(nat, 10)).ports()).isEqualTo(10);
            nat.assertNothingRefused();
        }
    }

    @Nested
    @NatTest(config = "classpath:dev/cgnat/proxy/junit/office.yaml", overrides = "pools.0.hold-down=0s")
    class OnPortsThatDoNotRest {
        @Test
        void takesOnePortAtATime(NatLab nat) {
            PortUse use = nat.usedBy(() -> order(nat, 1));
            assertThat(use.ports()).isEqualTo(1);
            assertThat(use.resting()).isZero();
        }

        @Test
        void poolOfAnotherNetworkStandsOnLoopback(NatLab nat) {
            assertThat(nat.natProxy().config().nat().pools().get(0).addresses()).hasToString("[127.0.1.1-127.0.1.2]");
        }
    }
}
