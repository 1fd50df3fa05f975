package walnut.monitoring.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import walnut.monitoring.statistic.Measurements;
import walnut.testing.SharedData;

/**
 * Repeatability of real prostate rescans: two examinations of each man within two weeks.
 *
 * <p>Numbers from QIICR/QIN-PROSTATE-Repeatability-Radiomics (MIT licence; Schwier et al., Sci. Rep. 9 (2019) 9441), commit
 * 7e25e6f, EvalData; read where the shared data hold the file, never committed. Expected values were computed from it
 * independently in Python.
 */
class RepeatabilityOfRealScansTest {
    private static final String FILE = "data/qin-prostate-repeatability/"
            + "pyRadiomicsFeatures_biasCorrected+MuscleRefNormT2AX_FullStudySettings_noNormalization_3D_bin10.csv";
    private static final String VOLUME = "original_shape_Volume";
    private static final String MEAN = "original_firstorder_Mean";

    @Test
    void whole_gland_volume() throws IOException {
        double[][] gland = pairs("WholeGland", VOLUME);
        assertRepeatability(gland, 15, 46490.384585, 6447.004881, 17870.185810, 0.949166, 0.949111, 0.947066);
        assertAgreement(gland, -1499.899765, -19745.28, 16745.48);
    }

    @Test
    void peripheral_zone_volume() throws IOException {
        double[][] zone = pairs("PeripheralZone", VOLUME);
        assertRepeatability(zone, 15, 9940.933311, 1515.712344, 4201.340268, 0.859408, 0.859272, 0.857615);
        assertAgreement(zone, -497.430454, -4727.51, 3732.65);
    }

    @Test
    void tumour_volume() throws IOException {
        double[][] tumour = pairs("TumorROI_PZ_1", VOLUME);
        assertRepeatability(tumour, 11, 331.226593, 84.325366, 233.737989, 0.856503, 0.858270, 0.879929);
        assertAgreement(tumour, -59.483449, -271.96, 152.99);
    }

    /** Muscle-referenced intensity hardly repeats at all: an ICC near 0 must come out as such. */
    @Test
    void tumour_t2w_intensity_after_muscle_normalisation() throws IOException {
        double[][] intensity = pairs("TumorROI_PZ_1", MEAN);
        assertRepeatability(intensity, 11, 176.106897, 86.937634, 240.978827, 0.053867, 0.057388, 0.057818);
        assertAgreement(intensity, 38.505844, -201.52, 278.53);
    }

    /** One row for each man with two examinations of this structure on T2W: first and second, by date. */
    private static double[][] pairs(String structure, String feature) throws IOException {
        List<String> lines = Files.readAllLines(SharedData.require(FILE));
        List<String> header = Arrays.asList(lines.get(0).split(";", -1));
        Map<String, TreeMap<String, Double>> byMan = new TreeMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(";", -1);
            String study = cells[header.indexOf("study")];
            if (cells[header.indexOf("segmentedStructure")].equals(structure)
                    && cells[header.indexOf("canonicalType")].equals("T2AX")) {
                byMan.computeIfAbsent(study.substring(0, study.indexOf('_')), man -> new TreeMap<>())
                        .put(study, Double.valueOf(cells[header.indexOf(feature)]));
            }
        }
        return byMan.values().stream()
                .filter(examinations -> examinations.size() == 2)
                .map(examinations -> examinations.values().stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray())
                .toArray(double[][]::new);
    }

    private static void assertRepeatability(
            double[][] pairs, int n, double mean, double wsd, double rc, double icc1, double icc2, double icc3) {
        Measurements matrix = Measurements.of(pairs);
        assertThat(matrix.subjects()).isEqualTo(n);
        double sum = 0;
        for (double[] pair : pairs) {
            sum += pair[0] + pair[1];
        }
        assertThat(sum / (2 * n)).isCloseTo(mean, within(1e-6));
        Repeatability repeatability = Repeatability.of(matrix, 0.95);
        assertThat(repeatability.withinSubjectSd().orThrow()).isCloseTo(wsd, within(1e-6));
        assertThat(repeatability.repeatabilityCoefficient().orThrow()).isCloseTo(rc, within(1e-6));
        IntraclassCorrelation icc = IntraclassCorrelation.of(matrix, 0.95).orThrow();
        assertThat(icc.oneWay().value().orThrow()).isCloseTo(icc1, within(1e-6));
        assertThat(icc.twoWayRandom().value().orThrow()).isCloseTo(icc2, within(1e-6));
        assertThat(icc.twoWayMixed().value().orThrow()).isCloseTo(icc3, within(1e-6));
    }

    /** Bias is second minus first examination. */
    private static void assertAgreement(double[][] pairs, double bias, double lower, double upper) {
        Measurements matrix = Measurements.of(pairs);
        BlandAltman agreement = BlandAltman.of(matrix.repeat(1), matrix.repeat(0), 0.95);
        assertThat(agreement.bias().orThrow()).isCloseTo(bias, within(1e-6));
        assertThat(agreement.lowerLimit().orThrow()).isCloseTo(lower, within(0.005));
        assertThat(agreement.upperLimit().orThrow()).isCloseTo(upper, within(0.005));
    }
}
