package dev.cgnat.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConnectHandshakeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "natproxy; error=connection_limit_reached; details=\"exhausted\" | exhausted",
                "natproxy;error=proxy_internal_error;details=\"held\";rcvd-status=1 | held",
                "natproxy; details=held, other; details=\"second\" | held",
                "natproxy; details=\"Too many people\" | http_503",
                "natproxy; error=dns_timeout | http_503",
                "'' | http_503"
            })
    void theReasonIsWhatTheProxyStatusNamesElseTheStatus(String header, String reason) {
        assertThat(ConnectHandshake.reason(503, new DefaultHttpHeaders().add("Proxy-Status", header)))
                .isEqualTo(reason);
    }
}
