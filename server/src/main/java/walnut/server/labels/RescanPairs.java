package walnut.server.labels;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import walnut.monitoring.statistic.Measurements;
import walnut.server.database.StoredCase;
import walnut.server.database.StoredLabel;
import walnut.server.database.StoredPrediction;

/**
 * Men who were scanned twice with nothing done to them in between: two studies of one patient within
 * {@value #LONGEST_DAYS} days, both completed by one package under one configuration, no tissue sampled on a day between.
 * They tell how far a score moves when a man lies down again; neither a replay nor a perturbation does.
 *
 * <p>A man counts once in figures of accuracy: of a pair, the study with a label, else the first. Pairs are taken in the
 * order of the studies and share none; a study without a date is in no pair.
 */
final class RescanPairs {
    /** Test and retest of a prostate lie two weeks apart at most in the published studies (QIN-PROSTATE). */
    static final int LONGEST_DAYS = 15;

    private final List<Pair> pairs;
    private final Set<String> labelledCases;

    private RescanPairs(List<Pair> pairs, Set<String> labelledCases) {
        this.pairs = pairs;
        this.labelledCases = labelledCases;
    }

    record Pair(StoredPrediction first, StoredPrediction second) {}

    /** A completed study with the day it was made. */
    private record Dated(StoredPrediction prediction, StoredCase of, LocalDate day) {}

    private record Patient(String issuer, String id) {}

    /**
     * @param standing predictions of one model, one a case
     * @param cases by case id
     * @param verifying labels of tissue or follow-up
     */
    static RescanPairs among(
            List<StoredPrediction> standing, Map<String, StoredCase> cases, Collection<StoredLabel> verifying) {
        Map<Patient, List<Dated>> byPatient = standing.stream()
                .filter(prediction -> prediction.caseScore() != null)
                .flatMap(prediction -> dated(prediction, cases).stream())
                .collect(Collectors.groupingBy(
                        study -> new Patient(study.of.issuerOfPatientId(), study.of.patientId()),
                        () -> new TreeMap<>(
                                Comparator.comparing(Patient::issuer).thenComparing(Patient::id)),
                        Collectors.toList()));
        Map<String, List<StoredLabel>> labels = verifying.stream()
                .filter(label -> label.caseId() != null)
                .collect(Collectors.groupingBy(label -> String.valueOf(label.caseId())));
        List<Pair> pairs = new ArrayList<>();
        byPatient.values().forEach(studies -> pairs.addAll(pairsOf(studies, labels)));
        return new RescanPairs(List.copyOf(pairs), labels.keySet());
    }

    private static List<Pair> pairsOf(List<Dated> studies, Map<String, List<StoredLabel>> labels) {
        List<Dated> inOrder = studies.stream()
                .sorted(Comparator.comparing(Dated::day).thenComparing(study -> study.of.caseId()))
                .toList();
        List<LocalDate> sampled = inOrder.stream()
                .flatMap(study -> labels.getOrDefault(study.of.caseId(), List.of()).stream())
                .map(StoredLabel::sampledOn)
                .toList();
        List<Pair> pairs = new ArrayList<>();
        for (int at = 0; at + 1 < inOrder.size(); at++) {
            Dated first = inOrder.get(at);
            Dated second = inOrder.get(at + 1);
            if (isRescan(first, second, sampled)) {
                pairs.add(new Pair(first.prediction, second.prediction));
                at++;
            }
        }
        return pairs;
    }

    private static boolean isRescan(Dated first, Dated second, List<LocalDate> sampled) {
        boolean sameSoftware = first.prediction.modelDigest().equals(second.prediction.modelDigest())
                && first.prediction.configDigest().equals(second.prediction.configDigest());
        boolean soon = ChronoUnit.DAYS.between(first.day, second.day) <= LONGEST_DAYS;
        boolean untouched = sampled.stream().noneMatch(day -> !day.isBefore(first.day) && day.isBefore(second.day));
        return sameSoftware && soon && untouched;
    }

    private static Optional<Dated> dated(StoredPrediction prediction, Map<String, StoredCase> cases) {
        StoredCase found = cases.get(prediction.caseId());
        if (found == null || found.studyDate() == null || found.patientId().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Dated(prediction, found, LocalDate.parse(found.studyDate(), DateTimeFormatter.BASIC_ISO_DATE)));
        } catch (DateTimeException notADate) {
            return Optional.empty();
        }
    }

    List<Pair> pairs() {
        return pairs;
    }

    /** Case scores, one row a man, his first study before his second. */
    Measurements scores() {
        return Measurements.ofPairs(
                pairs.stream().mapToDouble(pair -> score(pair.first)).toArray(),
                pairs.stream().mapToDouble(pair -> score(pair.second)).toArray());
    }

    /** Pairs of which just one study is at or above the threshold. */
    long flipsAt(double threshold) {
        return pairs.stream()
                .filter(pair -> score(pair.first) >= threshold != score(pair.second) >= threshold)
                .count();
    }

    /** Case ids left out of figures of accuracy. */
    Set<String> secondLooks() {
        return pairs.stream()
                .map(pair ->
                        labelledCases.contains(pair.second.caseId()) && !labelledCases.contains(pair.first.caseId())
                                ? pair.first.caseId()
                                : pair.second.caseId())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static double score(StoredPrediction prediction) {
        Double score = prediction.caseScore();
        if (score == null) {
            throw new IllegalStateException("only scored studies are paired");
        }
        return score;
    }
}
