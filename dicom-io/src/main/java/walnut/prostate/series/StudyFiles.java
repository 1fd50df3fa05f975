package walnut.prostate.series;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import walnut.dicom.data.Tag;
import walnut.dicom.part10.DicomFile;
import walnut.dicom.part10.Part10Reader;
import walnut.dicom.part10.ReadOptions;
import walnut.digest.Sha256;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/** Reads the headers of files and hands them over study by study. */
final class StudyFiles {
    /** Media Storage Directory: a list of files, not an image and not a mistake either. */
    private static final String DICOMDIR_SOP_CLASS = "1.2.840.10008.1.3.10";

    private static final int HEADERS_AT_ONCE = 16;

    private final Function<Path, String> naming;
    private final Map<String, InstanceHeader> bySopInstanceUid = new LinkedHashMap<>();
    private final List<Problem> fileProblems = new ArrayList<>();
    private final Map<String, List<Problem>> conflictsBySeries = new LinkedHashMap<>();

    private StudyFiles(Function<Path, String> naming) {
        this.naming = naming;
    }

    /** What came of one file: a header or a problem; neither where it is no image and not meant to be one. */
    private record Outcome(Optional<InstanceHeader> header, Optional<Problem> problem) {}

    /** @param naming how problems name a file */
    static StudyFolder read(Collection<Path> files, Function<Path, String> naming, ReadingProgress progress) {
        StudyFiles reading = new StudyFiles(naming);
        int[] read = {0};
        FilePool.inOrder(List.copyOf(files), HEADERS_AT_ONCE, reading::outcome, (file, outcome) -> {
            outcome.header().ifPresent(reading::add);
            outcome.problem().ifPresent(reading.fileProblems::add);
            progress.headersRead(++read[0], files.size());
        });
        return reading.studies();
    }

    private Outcome outcome(Path file) {
        try {
            DicomFile dicom = Part10Reader.read(file, ReadOptions.header());
            String sopClass =
                    dicom.metaInformation().string(Tag.MediaStorageSOPClassUID).orElse("");
            return new Outcome(
                    sopClass.equals(DICOMDIR_SOP_CLASS)
                            ? Optional.empty()
                            : Optional.of(InstanceHeaderReader.read(file, dicom.dataSet())),
                    Optional.empty());
        } catch (WalnutException refused) {
            return refused(new Problem(refused.code(), naming.apply(file) + ": " + refused.getMessage()));
        } catch (IOException unreadable) {
            return refused(unreadable(file));
        }
    }

    private static Outcome refused(Problem problem) {
        return new Outcome(Optional.empty(), Optional.of(problem));
    }

    private Problem unreadable(Path file) {
        return new Problem(FailureCode.FILE_UNREADABLE, naming.apply(file) + " cannot be read");
    }

    /** The same object twice is one object; two objects under one UID are a conflict that nobody may choose from. */
    private void add(InstanceHeader header) {
        InstanceHeader known = bySopInstanceUid.putIfAbsent(header.sopInstanceUid(), header);
        try {
            if (known != null && !dataSetSha256(known.file()).equals(dataSetSha256(header.file()))) {
                conflictsBySeries
                        .computeIfAbsent(known.seriesInstanceUid(), unused -> new ArrayList<>())
                        .add(new Problem(
                                FailureCode.SOP_INSTANCE_CONFLICT,
                                "two different objects carry SOPInstanceUID " + header.sopInstanceUid() + ": "
                                        + naming.apply(known.file()) + " and " + naming.apply(header.file())));
            }
        } catch (IOException unreadable) {
            fileProblems.add(unreadable(header.file()));
        }
    }

    private static String dataSetSha256(Path file) throws IOException {
        long start = Part10Reader.read(file, ReadOptions.header()).dataSetOffset();
        try (InputStream in = Files.newInputStream(file);
                DigestInputStream digest = new DigestInputStream(in, Sha256.begin())) {
            in.skipNBytes(start);
            digest.transferTo(OutputStream.nullOutputStream());
            return Sha256.hex(digest.getMessageDigest());
        }
    }

    private StudyFolder studies() {
        Map<String, List<InstanceHeader>> byStudy = new TreeMap<>();
        // By UID, so that the order of files on disk or of arrival changes nothing.
        bySopInstanceUid.values().stream()
                .sorted(Comparator.comparing(InstanceHeader::sopInstanceUid))
                .forEach(header -> byStudy.computeIfAbsent(header.studyInstanceUid(), unused -> new ArrayList<>())
                        .add(header));
        List<Study> studies = byStudy.values().stream()
                .map(headers -> StudyAssembly.of(headers, conflictsBySeries))
                .toList();
        return new StudyFolder(studies, fileProblems);
    }
}
