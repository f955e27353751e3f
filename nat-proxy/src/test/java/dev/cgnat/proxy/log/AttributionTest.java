package dev.cgnat.proxy.log;

import static dev.cgnat.proxy.log.SampleRecords.EXTERNAL;
import static dev.cgnat.proxy.log.SampleRecords.TIME;
import static dev.cgnat.proxy.log.SampleRecords.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.address.Subscriber;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AttributionTest {
    private static final Endpoint WEB = endpoint("203.0.113.9", 443);
    private static final Endpoint MAIL = endpoint("203.0.113.9", 25);

    private final Attribution attribution = new Attribution(EXTERNAL, Optional.empty());

    @Test
    void aFlowHasItsEndpointFromItsFirstRecordToItsLastBothIncluded() {
        attribution.add(delete(1, "10.0.0.7", 5, 5)); // in any order
        attribution.add(create(1, "10.0.0.7", 1));

        assertThat(at(0)).isEmpty();
        assertThat(at(1)).isEqualTo("10.0.0.7");
        assertThat(at(5)).isEqualTo("10.0.0.7");
        assertThat(at(6)).isEmpty();
    }

    @Test
    void whileAnEndpointRestsItsLastHolderIsNamedAsSuch() {
        attribution.add(create(1, "10.0.0.7", 1));
        attribution.add(delete(1, "10.0.0.7", 5, 65));

        assertThat(attribution.at(time(60), Duration.ZERO))
                .singleElement()
                .satisfies(holder -> assertThat(holder.isResting()).isTrue());
        assertThat(at(66)).isEmpty();
        attribution.add(create(2, "10.0.0.8", 50));
        assertThat(at(60)).isEqualTo("10.0.0.8"); // towards another destination
    }

    @Test
    void aFlowWithoutALastRecordEndsWhereTheLogBeginsAnew() {
        attribution.add(create(1, "10.0.0.7", 1));
        assertThat(at(1_000)).isEqualTo("10.0.0.7");

        attribution.add(
                new LogRecord.Start(time(10), "main", new AddressRange(EXTERNAL.address(), EXTERNAL.address())));
        attribution.add(create(1, "10.0.0.8", 20)); // numbers begin anew too
        assertThat(at(10)).isEqualTo("10.0.0.7");
        assertThat(at(15)).isEmpty();
        assertThat(at(21)).isEqualTo("10.0.0.8");
    }

    @Test
    void aFlowWhoseFirstRecordIsNotThereHadItBefore() {
        attribution.add(delete(1, "10.0.0.7", 5, 5));
        assertThat(at(-1_000)).isEqualTo("10.0.0.7");
        assertThat(at(6)).isEmpty();
    }

    @Test
    void subscribersWhoShareAPortAreToldApartByTheDestination() {
        Attribution toMail = new Attribution(EXTERNAL, Optional.of(MAIL));
        for (Attribution each : new Attribution[] {attribution, toMail}) {
            each.add(create(1, "10.0.0.7", 1, Optional.of(WEB)));
            each.add(create(2, "10.0.0.8", 2, Optional.of(MAIL)));
        }
        assertThat(at(3)).isEqualTo("10.0.0.7 10.0.0.8");
        assertThat(toMail.at(time(3), Duration.ZERO))
                .extracting(holder -> holder.subscriber().name())
                .containsExactly("10.0.0.8");
        assertThat(toMail.lacksDestinations()).isFalse();
        toMail.add(create(3, "10.0.0.9", 2));
        assertThat(toMail.lacksDestinations()).isTrue();
    }

    @Test
    void theToleranceReachesBothWays() {
        attribution.add(create(1, "10.0.0.7", 10));
        attribution.add(delete(1, "10.0.0.7", 20, 20));
        assertThat(attribution.at(time(8), Duration.ofSeconds(2))).hasSize(1);
        assertThat(attribution.at(time(22), Duration.ofSeconds(2))).hasSize(1);
        assertThat(attribution.at(time(7), Duration.ofSeconds(2))).isEmpty();
    }

    @Test
    void aBlockHoldsEveryPortOfItsOwnAndNoOther() {
        for (int first : new int[] {39_488, 40_000}) {
            attribution.add(new LogRecord.Block(
                    time(1),
                    LogEvent.BLOCK_ALLOCATE,
                    "main",
                    new Subscriber("user" + first),
                    EXTERNAL.address(),
                    new PortRange(first, first + 511)));
        }
        assertThat(at(2)).isEqualTo("user40000");
    }

    @Test
    void whatTheLogLacksByItsOwnAccountIsKnown() {
        attribution.add(new LogRecord.Gap(time(1), 12));
        attribution.add(new LogRecord.Gap(time(2), 1));
        assertThat(attribution.lost()).isEqualTo(13);
    }

    /** The names of all that may have had it. */
    private String at(int second) {
        return String.join(
                " ",
                attribution.at(time(second), Duration.ZERO).stream()
                        .map(holder -> holder.subscriber().name())
                        .toList());
    }

    private static LogRecord create(long flow, String subscriber, int second) {
        return create(flow, subscriber, second, Optional.empty());
    }

    private static LogRecord create(long flow, String subscriber, int second, Optional<Endpoint> destination) {
        return session(flow, subscriber, second, destination, Optional.empty());
    }

    private static LogRecord delete(long flow, String subscriber, int second, int heldUntil) {
        LogRecord.End end = new LogRecord.End("idle", time(heldUntil));
        return session(flow, subscriber, second, Optional.empty(), Optional.of(end));
    }

    private static LogRecord session(
            long flow, String subscriber, int second, Optional<Endpoint> destination, Optional<LogRecord.End> end) {
        return new LogRecord.Session(
                time(second),
                end.isPresent() ? LogEvent.SESSION_DELETE : LogEvent.SESSION_CREATE,
                "main",
                flow,
                new Subscriber(subscriber),
                Protocol.TCP,
                endpoint(subscriber, 50_000),
                EXTERNAL,
                destination,
                end);
    }

    private static Instant time(int second) {
        return TIME.plusSeconds(second);
    }
}
