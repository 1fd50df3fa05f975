package walnut.server.retention;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import walnut.server.api.Storage;
import walnut.server.config.WalnutConfig.RetentionConfig;
import walnut.server.database.RetentionTable;
import walnut.server.database.RetentionTable.FinishedStudy;
import walnut.server.ledger.Ledger;
import walnut.server.security.Tokens;

/**
 * Sweeps by the site's rule, once an hour and when asked. Rows and the mark on their cases go in one transaction, which
 * leaves the files' names behind; the files are deleted after it, also by the next process where this one dies.
 *
 * <p>A clock that jumped ahead would make every image old. So nothing goes by the hour while the clock is not to be
 * believed: it ran away from the machine's own count since this node started, or lies more than {@value #LONGEST_QUIET_DAYS}
 * days after the newest image. An operator who knows better sweeps by hand.
 */
public final class RetentionDesk implements Storage, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RetentionDesk.class);
    private static final long HOURS_BETWEEN_SWEEPS = 1;
    private static final int FORECAST_DAYS = 14;
    /** Fewer say more about the week than about the disk. */
    private static final int LEAST_DAYS = 3;

    private static final Duration MOST_DRIFT = Duration.ofHours(1);
    /** A site that images nobody for so long, or a clock that was set wrong while the node was off. */
    private static final int LONGEST_QUIET_DAYS = 31;

    private static final int AT_ONCE = 100;
    /** As many as an operator reads; an answer that names them all would be long. */
    private static final int MOST_NAMED = 1000;

    private final RetentionTable table;
    private final RetentionConfig rule;
    private final Path root;
    private final Supplier<DiskSpace> disk;
    private final long reserveBytes;
    private final Ledger ledger;
    private final Clock clock;
    private final LongSupplier uptimeNanos;
    private final Instant startedAt;
    private final long startedNanos;
    private final ScheduledExecutorService sweeps = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "retention");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param root the data directory, from which rows name their files
     * @param reserveBytes that the store keeps free for index and results
     * @param uptimeNanos counts on whatever the clock does
     */
    public RetentionDesk(
            RetentionTable table,
            RetentionConfig rule,
            Path root,
            Supplier<DiskSpace> disk,
            long reserveBytes,
            Ledger ledger,
            Clock clock,
            LongSupplier uptimeNanos) {
        this.table = table;
        this.rule = rule;
        this.root = root;
        this.disk = disk;
        this.reserveBytes = reserveBytes;
        this.ledger = ledger;
        this.clock = clock;
        this.uptimeNanos = uptimeNanos;
        this.startedAt = clock.instant();
        this.startedNanos = uptimeNanos.getAsLong();
    }

    /** Deletes what an earlier process had left to delete, and sweeps from then on where there is a rule. */
    public void start() {
        sweeps.execute(this::deleteFiles);
        if (!rule.isOff()) {
            sweeps.scheduleWithFixedDelay(
                    this::sweepByTheHour, HOURS_BETWEEN_SWEEPS, HOURS_BETWEEN_SWEEPS, TimeUnit.HOURS);
        }
    }

    void sweepByTheHour() {
        try {
            @Nullable String doubt = doubtInClock();
            if (doubt == null) {
                sweep(false);
            } else {
                LOG.error("retention removes nothing by itself: {}", doubt);
            }
        } catch (RuntimeException e) {
            LOG.error("retention could not sweep; trying again in an hour", e);
        }
    }

    /** Why the clock is not to be believed; null where nothing speaks against it. */
    private @Nullable String doubtInClock() {
        if (rule.isOff()) {
            return null;
        }
        Instant now = clock.instant();
        Duration counted = Duration.ofNanos(uptimeNanos.getAsLong() - startedNanos);
        Duration drift = Duration.between(startedAt.plus(counted), now).abs();
        if (drift.compareTo(MOST_DRIFT) > 0) {
            return "the clock jumped by " + drift.toHours()
                    + " hours since this node started; set it right and start the node again, or sweep by hand";
        }
        Optional<Instant> newest = table.newestImage();
        if (newest.filter(at -> at.plus(Duration.ofDays(LONGEST_QUIET_DAYS)).isBefore(now))
                .isPresent()) {
            return "by the clock no image came for more than " + LONGEST_QUIET_DAYS
                    + " days; if the clock is right, sweep by hand";
        }
        return null;
    }

    @Override
    public synchronized Sweep sweep(boolean dryRun) {
        List<String> cases = new ArrayList<>();
        int studies = 0;
        long images = 0;
        long bytes = 0;
        Optional<FinishedStudy> last = Optional.empty();
        List<FinishedStudy> oldest;
        do {
            oldest = rule.isOff() ? List.of() : table.finished(last, AT_ONCE);
            for (FinishedStudy study : oldest) {
                last = Optional.of(study);
                Optional<String> reason = reasonToGo(study, bytes);
                if (reason.isEmpty()) {
                    oldest = List.of();
                    break;
                }
                if (dryRun || remove(study, reason.get())) {
                    studies++;
                    images += study.images();
                    bytes += study.bytes();
                    study.caseIds().stream().limit(MOST_NAMED - cases.size()).forEach(cases::add);
                }
            }
        } while (oldest.size() == AT_ONCE);
        deleteFiles();
        return new Sweep(dryRun, studies, images, bytes, cases);
    }

    /** Studies come oldest first, so that the first that stays ends the sweep. */
    private Optional<String> reasonToGo(FinishedStudy study, long gone) {
        Instant now = clock.instant();
        Optional<Duration> age = rule.age();
        if (age.isPresent() && study.lastReceivedAt().plus(age.get()).isBefore(now)) {
            return Optional.of("older than " + age.get().toDays() + " days");
        }
        Optional<Integer> percent = rule.diskPercent();
        return percent.filter(most -> disk.get().isFullerThan(most, gone))
                .map(most -> "the disk is fuller than " + most + " %");
    }

    private boolean remove(FinishedStudy study, String reason) {
        if (!table.remove(study.studyInstanceUid(), clock.instant())) {
            return false;
        }
        for (String caseId : study.caseIds()) {
            ledger.append(Tokens.RETENTION, "IMAGES_REMOVED", caseId, study.images() + " images, " + reason);
        }
        return true;
    }

    private void deleteFiles() {
        try {
            for (String file : table.filesToDelete()) {
                Files.deleteIfExists(root.resolve(file));
                table.deleted(file);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("files of removed images are still there; trying again at the next sweep", e);
        }
    }

    @Override
    public Report report() {
        DiskSpace now = disk.get();
        RetentionTable.Images images = table.images();
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        List<Day> received = received(today);
        @Nullable Long ageDays = rule.age().map(Duration::toDays).orElse(null);
        return new Report(
                now.total(),
                now.free(),
                reserveBytes,
                images.bytes(),
                images.count(),
                received,
                forecast(today, now.free(), received),
                new Retention(
                        ageDays == null ? null : Integer.valueOf(ageDays.intValue()),
                        rule.diskPercent().orElse(null),
                        doubtInClock()));
    }

    /** Whole days since the first image, the last {@value #FORECAST_DAYS} at most; a day without images is a day of 0. */
    private List<Day> received(LocalDate today) {
        Optional<LocalDate> first = table.firstDay();
        if (first.isEmpty()) {
            return List.of();
        }
        LocalDate from = first.get().plusDays(1).isAfter(today.minusDays(FORECAST_DAYS))
                ? first.get().plusDays(1)
                : today.minusDays(FORECAST_DAYS);
        var bytesByDay = table.bytesByDay(from);
        return LongStream.range(from.toEpochDay(), today.toEpochDay())
                .mapToObj(LocalDate::ofEpochDay)
                .map(day -> new Day(day, bytesByDay.getOrDefault(day, 0L)))
                .toList();
    }

    private static Forecast forecast(LocalDate today, long free, List<Day> received) {
        if (received.size() < LEAST_DAYS) {
            return new Forecast(null, "TOO_LITTLE_DATA", null, received.size());
        }
        double bytesPerDay = (double) received.stream().mapToLong(Day::bytes).sum() / received.size();
        if (bytesPerDay == 0) {
            return new Forecast(null, "NO_GROWTH", null, received.size());
        }
        long daysLeft = (long) Math.min(Integer.MAX_VALUE, free / bytesPerDay);
        return new Forecast(today.plusDays(daysLeft), null, bytesPerDay, received.size());
    }

    @Override
    public void close() {
        sweeps.shutdownNow();
    }
}
