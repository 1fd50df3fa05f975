package walnut.prostate.phantom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import walnut.volume.Mask;
import walnut.volume.Volume;

/** Every dialect's tissue contrasts lie between the bounds of the table in docs/phantoms.md. */
class TissueContrastTest {
    private static final Path TABLE = Path.of("../docs/phantoms.md");

    private record Bounds(double low, double high) {}

    @Test
    void contrasts_of_every_dialect_lie_in_the_committed_table() throws IOException {
        Map<String, Bounds> table = table();
        for (Dialect dialect : List.of(Dialect.SYNTH_A, Dialect.SYNTH_B, Dialect.SYNTH_C, Dialect.SYNTH_D)) {
            Map<String, List<Double>> measured = new HashMap<>();
            Dialect coarse = PhantomArrays.central(dialect).withT2wMatrix(56);
            for (long seed = 500_010; seed < 500_015; seed++) {
                PhantomStudy healthy = PhantomStudy.of(
                        seed,
                        0,
                        coarse,
                        PhantomRecipe.STANDARD.withCancerRate(0).withMimics(new PhantomRecipe.Mimics(0, 0, 0, .42)));
                Measured peripheral = Measured.of(healthy, healthy.zones(), Zone.PERIPHERAL.label());
                Measured transition = Measured.of(healthy, healthy.zones(), Zone.TRANSITION.label());
                add(measured, "ADC of the peripheral zone", peripheral.adc());
                add(measured, "ADC of the transition zone", transition.adc());
                add(measured, "T2W, transition to peripheral zone", transition.t2w() / peripheral.t2w());
                add(measured, "high b, transition to peripheral zone", transition.highB() / peripheral.highB());
                PhantomStudy ill = PhantomStudy.of(
                        seed,
                        0,
                        coarse,
                        PhantomRecipe.STANDARD.withCancerRate(1).withLesionVolumeFactor(2));
                Measured cancer = Measured.of(ill, ill.lesionMask(), 1);
                Measured around = Measured.of(ill, ill.zones(), Zone.PERIPHERAL.label());
                add(measured, "ADC in the core of a csPCa", cancer.core());
                add(measured, "high b, csPCa to peripheral zone", cancer.highB() / around.highB());
            }
            for (Map.Entry<String, List<Double>> row : measured.entrySet()) {
                String name = dialect.manufacturer() + ": " + row.getKey();
                Bounds bounds = Objects.requireNonNull(table.get(name), "the table lacks " + name);
                double mean = row.getValue().stream()
                        .mapToDouble(Double::doubleValue)
                        .average()
                        .orElseThrow();
                assertTrue(
                        mean >= bounds.low() && mean <= bounds.high(),
                        name + " is " + mean + ", not in [" + bounds.low() + ", " + bounds.high() + "]");
            }
        }
        assertEquals(24, table.size(), "six contrasts of four dialects");
    }

    private static void add(Map<String, List<Double>> measured, String what, double value) {
        measured.computeIfAbsent(what, key -> new ArrayList<>()).add(value);
    }

    /** Rows such as {@code | ADC of the peripheral zone | 1500–1950 | … |}, a column a dialect. */
    private static Map<String, Bounds> table() throws IOException {
        Map<String, Bounds> table = new HashMap<>();
        for (String line : Files.readAllLines(TABLE)) {
            String[] cells = line.split("\\|");
            if (cells.length == 6 && cells[2].matches(" [.0-9]+–[.0-9]+ ")) {
                for (int dialect = 0; dialect < 4; dialect++) {
                    String[] ends = cells[2 + dialect].trim().split("–");
                    table.put(
                            "SYNTH-" + (char) ('A' + dialect) + ": " + cells[1].trim(),
                            new Bounds(Double.parseDouble(ends[0]), Double.parseDouble(ends[1])));
                }
            }
        }
        return table;
    }

    /** Medians inside a label, and the mean of the darkest 40 % of the ADC, where a reader draws. */
    private record Measured(double t2w, double adc, double highB, double core) {
        static Measured of(PhantomStudy study, Mask mask, int label) {
            double[] adc = PhantomStudyTest.inside(study.adc(), mask, label);
            double core = 0;
            int count = Math.max(1, (int) (.4 * adc.length));
            for (int index = 0; index < count; index++) {
                core += adc[index] / count;
            }
            return new Measured(
                    median(study.t2w(), mask, label), adc[adc.length / 2], median(study.highB(), mask, label), core);
        }

        private static double median(Volume volume, Mask mask, int label) {
            double[] sorted = PhantomStudyTest.inside(volume, mask, label);
            return sorted[sorted.length / 2];
        }
    }
}
