package walnut.store;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalLong;
import walnut.failure.FailureCode;

/**
 * Where things lie under the data directory.
 *
 * <pre>
 * instances/2026-11-22/1795312800123456.dcm    by day of arrival (UTC), named by arrival in microseconds
 * instances/checkpoint                         arrivals before it are settled
 * quarantine/&lt;sha256&gt;-MALFORMED_DATASET.dcm    objects we could not take in, named by content and code
 * </pre>
 *
 * <p>By day, so that a directory stops changing when its day is over (a backup copies only today's), one directory sync
 * serves a whole group whatever studies it is from, and the name is known before the first byte of the header is.
 */
record StoreLayout(Path root) {
    private static final String SUFFIX = ".dcm";

    Path instances() {
        return root.resolve("instances");
    }

    Path quarantine() {
        return root.resolve("quarantine");
    }

    Path checkpoint() {
        return instances().resolve("checkpoint");
    }

    Path checkpointDraft() {
        return instances().resolve("checkpoint.new");
    }

    Path directory(long arrival) {
        return instances().resolve(Arrivals.day(arrival).toString());
    }

    Path file(long arrival) {
        String digits = Long.toString(arrival);
        return directory(arrival).resolve("0".repeat(Math.max(0, 16 - digits.length())) + digits + SUFFIX);
    }

    Path quarantined(String datasetSha256, FailureCode code) {
        return quarantine().resolve(datasetSha256 + "-" + code + SUFFIX);
    }

    String relative(Path file) {
        return root.relativize(file).toString().replace('\\', '/');
    }

    /** The arrival that a file's name stands for; empty for files that are not ours. */
    static OptionalLong arrival(Path file) {
        String name = file.getFileName().toString();
        if (!name.endsWith(SUFFIX)) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(name.substring(0, name.length() - SUFFIX.length())));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** The day that a directory's name stands for; empty for what is not ours. */
    static Optional<LocalDate> day(Path directory) {
        try {
            return Optional.of(LocalDate.parse(directory.getFileName().toString()));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
