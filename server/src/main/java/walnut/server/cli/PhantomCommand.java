package walnut.server.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import walnut.prostate.phantom.ContactSheet;
import walnut.prostate.phantom.Dialect;
import walnut.prostate.phantom.PhantomArrays;
import walnut.prostate.phantom.PhantomCohort;
import walnut.prostate.phantom.PhantomDefect;
import walnut.prostate.phantom.PhantomRecipe;
import walnut.prostate.phantom.PhantomStudy;

/** {@code walnut phantom}: writes synthetic patients and the truth about them. One study for each thread is in memory at a time. */
@Command(
        name = "phantom",
        mixinStandardHelpOptions = true,
        description = "Writes synthetic prostate MRI studies (no person) as DICOM, with the truth about them.",
        footer = {
            "",
            "Writes DIR/<patientId>/<study>/*.dcm, DIR/truth.csv and",
            "DIR/truth/<patientId>/{gland,zones,lesions}.nii.gz. Patient i has seed S + i;",
            "the same seed gives the same bytes on every machine."
        })
public final class PhantomCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--patients", paramLabel = "N", required = true, description = "How many patients.")
    int patients;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "910000", description = "Seed of the first patient.")
    long seed;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where to write; made if need be.")
    Path out = Path.of("");

    @Option(
            names = "--dialect",
            paramLabel = "NAME",
            description = "The fictional scanner: SYNTH-A, -B, -C or -D. Without it each patient goes to A, B or C.")
    @Nullable
    String dialect;

    @Option(
            names = "--rescan",
            description = "Every patient comes twice: the second study is positioned and acquired anew.")
    boolean rescan;

    @Option(
            names = "--defects",
            description = "Of every six patients the fifth lacks its ADC map and the sixth its high b-value.")
    boolean defects;

    @Option(
            names = "--fault",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Plant these faults, one a patient in turn; 'all' for each there is: ${COMPLETION-CANDIDATES}.",
            completionCandidates = Faults.class)
    List<String> faults = List.of();

    @Option(
            names = "--training-arrays",
            description = "Instead of DICOM, write DIR/<seed>.npz as models/training reads them.")
    boolean trainingArrays;

    @Option(
            names = "--contact-sheet",
            paramLabel = "FILE",
            description = "Also draw T2W, ADC and high b of the first eight studies, lesions outlined, as a PNG file.")
    @Nullable
    Path contactSheet;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "Studies made at a time, one in memory for each. The files do not depend on it.")
    int threads;

    @Option(names = "--json", description = "Say on stdout what was written, as one JSON document.")
    boolean json;

    /** Names for the help text. */
    static final class Faults implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return PhantomDefect.planted().stream().map(PhantomDefect::name).iterator();
        }
    }

    /** One study to make. */
    private record Order(long seed, int visit, Dialect scanner, PhantomDefect defect) {
        PhantomStudy make() {
            return PhantomStudy.of(seed, visit, scanner, defect.recipe(PhantomRecipe.STANDARD));
        }
    }

    @Override
    public Integer call() throws IOException {
        if (patients < 1 || threads < 1) {
            throw new ParameterException(
                    commandLine(), "--patients and --threads are at least 1, got " + Math.min(patients, threads));
        }
        List<PhantomDefect> planted = planted();
        List<Order> orders = new ArrayList<>();
        for (int index = 0; index < patients; index++) {
            PhantomDefect defect = planted.isEmpty() ? PhantomDefect.NONE : planted.get(index % planted.size());
            if (defects && planted.isEmpty()) {
                defect = PhantomDefect.ofPatient(index);
            }
            for (int visit = 0; visit <= (rescan ? 1 : 0); visit++) {
                orders.add(new Order(seed + index, visit, scanner(seed + index), defect));
            }
        }
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode document = mapper.createObjectNode().put("directory", out.toString());
        ArrayNode studies = document.putArray("studies");
        PhantomCohort cohort = new PhantomCohort(out);
        if (trainingArrays) {
            Files.createDirectories(out);
        } else {
            cohort.begin();
        }
        ContactSheet sheet = new ContactSheet();
        try (Workshop workshop = new Workshop(threads, orders)) {
            for (int index = 0; index < orders.size(); index++) {
                PhantomStudy study = workshop.next();
                PhantomDefect defect = orders.get(index).defect();
                int files = trainingArrays ? 1 : cohort.write(study, defect);
                if (trainingArrays) {
                    PhantomArrays.write(study, out);
                }
                if (contactSheet != null) {
                    sheet.add(study);
                }
                say(studies, index, orders.size(), study, defect, files);
            }
        }
        if (contactSheet != null) {
            sheet.write(contactSheet);
        }
        if (json) {
            PrintWriter stdout = commandLine().getOut();
            stdout.println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(document));
            stdout.flush();
        }
        return 0;
    }

    private List<PhantomDefect> planted() {
        if (faults.equals(List.of("all"))) {
            return PhantomDefect.planted();
        }
        List<PhantomDefect> chosen = new ArrayList<>();
        for (String name : faults) {
            chosen.add(Arrays.stream(PhantomDefect.values())
                    .filter(defect -> defect.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new ParameterException(
                            commandLine(), "--fault knows no " + name + "; it knows all, " + PhantomDefect.planted())));
        }
        return chosen;
    }

    private Dialect scanner(long patient) {
        if (dialect == null) {
            Dialect home = Dialect.home(patient);
            return trainingArrays ? PhantomArrays.central(home) : home;
        }
        List<Dialect> known = List.of(Dialect.SYNTH_A, Dialect.SYNTH_B, Dialect.SYNTH_C, Dialect.SYNTH_D);
        Dialect named = known.stream()
                .filter(one -> one.manufacturer().equals(dialect))
                .findFirst()
                .orElseThrow(() -> new ParameterException(
                        commandLine(), "--dialect is SYNTH-A, SYNTH-B, SYNTH-C or SYNTH-D, got \"" + dialect + "\""));
        return trainingArrays ? PhantomArrays.central(named) : named;
    }

    private void say(ArrayNode studies, int index, int count, PhantomStudy study, PhantomDefect defect, int files) {
        PrintWriter stderr = commandLine().getErr();
        stderr.println(index + 1 + "/" + count + " " + study.patientId()
                + (defect == PhantomDefect.NONE ? "" : " " + defect) + ", " + files
                + (files == 1 ? " file" : " files"));
        stderr.flush();
        if (json) {
            studies.addObject()
                    .put("patientId", study.patientId())
                    .put("studyInstanceUid", study.studyInstanceUid())
                    .put("seed", study.seed())
                    .put("dialect", study.dialect().manufacturer())
                    .put("defect", defect.name())
                    .put("files", files);
        }
    }

    /** Makes studies side by side and hands them out in order; no more are held than there are threads. */
    private static final class Workshop implements AutoCloseable {
        private final ExecutorService workers;
        private final Iterator<Order> waiting;
        private final Deque<Future<PhantomStudy>> started = new ArrayDeque<>();

        Workshop(int threads, List<Order> orders) {
            workers = Executors.newFixedThreadPool(threads);
            waiting = orders.iterator();
            for (int count = 0; count < threads; count++) {
                startOne();
            }
        }

        private void startOne() {
            if (waiting.hasNext()) {
                Order order = waiting.next();
                started.add(workers.submit(order::make));
            }
        }

        PhantomStudy next() {
            try {
                PhantomStudy study = started.remove().get();
                startOne();
                return study;
            } catch (ExecutionException e) {
                throw new IllegalStateException("a phantom could not be made", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while phantoms were made", e);
            }
        }

        @Override
        public void close() {
            workers.shutdownNow();
        }
    }

    /** Picocli sets the field before it calls the command. */
    private CommandLine commandLine() {
        return Objects.requireNonNull(spec, "set by picocli").commandLine();
    }
}
