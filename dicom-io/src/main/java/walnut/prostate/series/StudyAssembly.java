package walnut.prostate.series;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import walnut.failure.FailureCode;
import walnut.prostate.series.InstanceHeader.PatientMarks;

/** From the headers of one study to its series. */
final class StudyAssembly {
    private StudyAssembly() {}

    /**
     * @param headers of one StudyInstanceUID, in an order that does not depend on files
     * @param conflictsBySeries what was found while reading, by SeriesInstanceUID
     */
    static Study of(List<InstanceHeader> headers, Map<String, List<Problem>> conflictsBySeries) {
        Map<String, List<InstanceHeader>> bySeries = new LinkedHashMap<>();
        for (InstanceHeader header : headers) {
            bySeries.computeIfAbsent(header.seriesInstanceUid(), unused -> new ArrayList<>())
                    .add(header);
        }
        List<StudySeries> series = bySeries.entrySet().parallelStream()
                .map(entry -> series(entry.getValue(), conflictsBySeries.getOrDefault(entry.getKey(), List.of())))
                .sorted(Comparator.comparingInt(
                                (StudySeries one) -> one.seriesNumber().orElse(Integer.MAX_VALUE))
                        .thenComparing(StudySeries::seriesInstanceUid))
                .toList();
        return new Study(headers.get(0).studyInstanceUid(), series, patientConflicts(headers));
    }

    private static StudySeries series(List<InstanceHeader> instances, List<Problem> conflicts) {
        SeriesFacts facts = new SeriesFacts(instances);
        InstanceHeader first = facts.instance();
        RoleRules.Answer answer = RoleRules.answer(facts);
        List<SeriesVolume> volumes = VolumeSplit.of(answer.role(), facts.frames());
        List<Evidence> evidence = new ArrayList<>(answer.evidence());
        if (!facts.bValues().isEmpty()) {
            evidence.add(new Evidence("b-values", words(facts.bValues()) + " s/mm2 from " + facts.bReadFrom()));
        }
        Optional<Evidence> computed = RoleRules.scannerComputed(facts);
        boolean weighted = answer.role() == SeriesRole.HBV || answer.role() == SeriesRole.DWI;
        if (weighted) {
            computed.ifPresent(evidence::add);
        }
        List<Problem> problems = new ArrayList<>(conflicts);
        volumes.forEach(volume -> volume.problems().forEach(problem -> problems.add(inWords(volume, problem))));
        return new StudySeries(
                first.seriesInstanceUid(),
                first.seriesNumber(),
                first.seriesDescription(),
                first.manufacturer(),
                first.frameOfReferenceUid(),
                answer.role(),
                List.copyOf(facts.bValues()),
                facts.frames().get(0).plane().map(plane -> Plane.ofNormal(plane.normal())),
                volumes,
                weighted ? computed : Optional.empty(),
                evidence,
                problems,
                facts.frames());
    }

    private static Problem inWords(SeriesVolume volume, Problem problem) {
        return volume.bValue().isEmpty()
                ? problem
                : new Problem(
                        problem.code(),
                        String.format(Locale.ROOT, "b %.0f: %s", volume.bValue().getAsDouble(), problem.detail()));
    }

    private static String words(Iterable<Double> bValues) {
        List<String> words = new ArrayList<>();
        bValues.forEach(b -> words.add(String.format(Locale.ROOT, "%.0f", b)));
        return String.join(", ", words);
    }

    /** Two people under one StudyInstanceUID; the sentence counts the values and shows none. */
    private static List<Problem> patientConflicts(List<InstanceHeader> headers) {
        List<Problem> problems = new ArrayList<>();
        conflict(headers, "PatientIDs", PatientMarks::patientId).ifPresent(problems::add);
        conflict(headers, "issuers of PatientID", PatientMarks::issuerOfPatientId)
                .ifPresent(problems::add);
        conflict(headers, "PatientBirthDates", PatientMarks::birthDate).ifPresent(problems::add);
        conflict(headers, "values of PatientSex", PatientMarks::sex).ifPresent(problems::add);
        return problems;
    }

    private static Optional<Problem> conflict(
            List<InstanceHeader> headers, String what, Function<PatientMarks, String> mark) {
        long distinct = headers.stream()
                .map(header -> mark.apply(header.patient()))
                .filter(value -> !value.isEmpty())
                .distinct()
                .count();
        return distinct < 2
                ? Optional.empty()
                : Optional.of(new Problem(
                        FailureCode.PATIENT_CONFLICT, distinct + " different " + what + " under one StudyInstanceUID"));
    }
}
