package walnut.server.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import walnut.dicom.net.scu.SendOutcome;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * Sends files until the peer has answered for each of them. What a passing failure left over (a lost association, a peer
 * that is busy, away or out of resources) is sent again over a new association after a pause; what the peer has refused
 * for good is not. Storing is idempotent, so that an instance whose answer got lost may be sent twice.
 */
final class Delivery {
    /** Status A7xx: Refused: Out of resources (PS3.4 Table B.2-1). */
    private static final int OUT_OF_RESOURCES = 0xA700;

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** One try: an association, or a few. Fails as a whole only when none came about. */
    @FunctionalInterface
    interface Attempt {
        List<SendOutcome> send(List<Path> files, Consumer<SendOutcome> progress);
    }

    /** Waits; a test need not. */
    @FunctionalInterface
    interface Pause {
        void of(Duration duration) throws InterruptedException;
    }

    /** Told what becomes of the files, on any thread. */
    interface Listener {
        /** An outcome that no further try will change. */
        void settled(SendOutcome outcome);

        void tryingAgain(int files, Duration after, String why);
    }

    private final Attempt attempt;
    private final int retries;
    private final Duration firstPause;
    private final Pause pause;
    private final Listener listener;

    /** @param retries further tries after one that brought no file any further */
    Delivery(Attempt attempt, int retries, Duration firstPause, Pause pause, Listener listener) {
        this.attempt = attempt;
        this.retries = retries;
        this.firstPause = firstPause;
        this.pause = pause;
        this.listener = listener;
    }

    /**
     * One outcome for each file, in their order.
     *
     * @throws WalnutException when no association ever came about
     */
    List<SendOutcome> send(List<Path> files) throws InterruptedException {
        Map<Path, SendOutcome> outcomes = new LinkedHashMap<>();
        files.forEach(file -> outcomes.put(file, unsent(file)));
        List<Path> open = files;
        Optional<WalnutException> noAssociation = Optional.empty();
        int fruitless = 0;
        while (true) {
            List<Path> passing = new ArrayList<>();
            int before = open.size();
            try {
                for (SendOutcome outcome : attempt.send(open, this::tellIfSettled)) {
                    outcomes.put(outcome.file(), outcome);
                    if (isPassing(outcome)) {
                        passing.add(outcome.file());
                    }
                }
                noAssociation = Optional.empty();
            } catch (WalnutException e) {
                if (!e.code().retryable()) {
                    throw e;
                }
                noAssociation = Optional.of(e);
                passing.addAll(open);
            }
            open = passing;
            fruitless = open.size() < before ? 0 : fruitless + 1;
            if (open.isEmpty() || fruitless > retries) {
                break;
            }
            Duration wait = pauseAfter(fruitless);
            listener.tryingAgain(open.size(), wait, why(noAssociation, outcomes, open));
            pause.of(wait);
        }
        return concluded(outcomes, open, noAssociation);
    }

    private List<SendOutcome> concluded(
            Map<Path, SendOutcome> outcomes, List<Path> open, Optional<WalnutException> noAssociation) {
        if (noAssociation.isPresent()) {
            if (open.size() == outcomes.size()) {
                throw noAssociation.get();
            }
            WalnutException last = noAssociation.get();
            open.forEach(file -> outcomes.computeIfPresent(
                    file,
                    (path, known) -> new SendOutcome(
                            path,
                            known.sopInstanceUid(),
                            -1,
                            Optional.of(last.code()),
                            String.valueOf(last.getMessage()))));
        }
        open.stream().map(outcomes::get).forEach(outcome -> {
            if (outcome != null) {
                listener.settled(outcome);
            }
        });
        return List.copyOf(outcomes.values());
    }

    private static SendOutcome unsent(Path file) {
        return new SendOutcome(file, "", -1, Optional.of(FailureCode.PEER_UNREACHABLE), "not sent");
    }

    private void tellIfSettled(SendOutcome outcome) {
        if (!isPassing(outcome)) {
            listener.settled(outcome);
        }
    }

    /** Whether the same file may be taken when it is sent again. */
    static boolean isPassing(SendOutcome outcome) {
        if (outcome.failure().isEmpty()) {
            return false;
        }
        return outcome.failure().get().retryable() || (outcome.status() & 0xFF00) == OUT_OF_RESOURCES;
    }

    /** Twice as long each time, since a peer that is overrun does not recover by being asked more often. */
    private Duration pauseAfter(int fruitless) {
        Duration wait = firstPause.multipliedBy(1L << Math.min(fruitless, 10));
        return wait.compareTo(LONGEST_PAUSE) < 0 ? wait : LONGEST_PAUSE;
    }

    private static String why(
            Optional<WalnutException> noAssociation, Map<Path, SendOutcome> outcomes, List<Path> open) {
        if (noAssociation.isPresent()) {
            return noAssociation.get().code() + ": " + noAssociation.get().getMessage();
        }
        SendOutcome first = outcomes.getOrDefault(open.get(0), unsent(open.get(0)));
        return first.failure().map(FailureCode::name).orElse("") + ": " + first.detail();
    }
}
