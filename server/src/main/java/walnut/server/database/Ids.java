package walnut.server.database;

import com.github.f4b6a3.uuid.factory.standard.TimeOrderedEpochFactory;
import java.time.Clock;
import java.util.Random;

/** Our own opaque ids: UUIDv7 texts (RFC 9562 §5.7), so that sorting by id is sorting by time of making. */
public final class Ids {
    private final TimeOrderedEpochFactory factory;

    public Ids(Clock clock, Random random) {
        this.factory = TimeOrderedEpochFactory.builder()
                .withClock(clock)
                .withRandom(random)
                .build();
    }

    public String next() {
        return factory.create().toString();
    }
}
