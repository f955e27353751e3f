package dev.cgnat.proxy.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SocketErrorTest {
    @ParameterizedTest
    @CsvSource({
        "bind(..) failed with error(-98): Die Adresse wird bereits verwendet, ADDRESS_IN_USE",
        "connect(..) failed with error(-99): Die angeforderte Adresse kann nicht zugewiesen werden, ADDRESS_NOT_AVAILABLE",
        "recvAddress(..) failed with error(-104): Die Verbindung wurde zurückgesetzt, RESET",
        "newSocketStream(..) failed with error(-24): Zu viele offene Dateien, NO_DESCRIPTORS",
        "connect(..) failed with error(-22): timed out, OTHER"
    })
    void numberDecidesWhateverTheLanguageOfTheText(String message, SocketError expected) {
        assertThat(SocketError.of(new IOException(message))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "Address already in use, ADDRESS_IN_USE",
        "Cannot assign requested address, ADDRESS_NOT_AVAILABLE",
        "\"Can't assign requested address\", ADDRESS_NOT_AVAILABLE",
        "Network is unreachable, NETWORK_UNREACHABLE",
        "connection timed out after 10000 ms: /127.0.0.1:9, TIMED_OUT",
        "Connection refused, REFUSED",
        "Broken pipe, RESET",
        "Too many open files in system, NO_DESCRIPTORS",
        "No route to host, OTHER"
    })
    void textDecidesWhereThereIsNoNumber(String message, SocketError expected) {
        assertThat(SocketError.of(new IOException(message))).isEqualTo(expected);
    }

    @Test
    void causeIsAskedWhereTheWrapperSaysNothing() {
        Throwable wrapped = new ChannelException("no channel", new IOException("Too many open files"));
        assertThat(SocketError.of(wrapped)).isEqualTo(SocketError.NO_DESCRIPTORS);
        assertThat(SocketError.of(new IOException())).isEqualTo(SocketError.OTHER);
    }
}
