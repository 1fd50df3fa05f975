package walnut.server.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import walnut.models.passport.ModelPackage;
import walnut.models.passport.Passport;
import walnut.models.preprocess.Preprocessor;
import walnut.prostate.series.CaseVolumes;
import walnut.prostate.series.Selection;
import walnut.prostate.series.Study;
import walnut.prostate.series.StudyFolder;
import walnut.testing.SharedData;

/**
 * A real study's tensor against pydicom, scipy and numpy (models/src/test/python/study_reference.py, numpy 2.4.6, scipy
 * 1.17.1): by projections, so that no image is committed. 32 sums per channel with drawn signs; a voxel out of place or a
 * channel exchanged moves them by far more than rounding does.
 */
class RealStudyPreprocessingTest {
    private static final Path DETECTOR = Path.of("../models/packages/walnut-phantom-detector");

    @Test
    void equals_scipy_on_a_real_study() throws IOException {
        JsonNode reference;
        try (InputStream stream = Objects.requireNonNull(getClass().getResourceAsStream("prostatex-0000.json"))) {
            reference = new ObjectMapper().readTree(stream);
        }
        Passport passport = ModelPackage.readPassport(DETECTOR);
        Study study = StudyFolder.read(SharedData.prostateX0000()).studies().get(0);
        Selection selection = SeriesPolicy.selector(passport).select(study);

        float[] tensor = Preprocessor.prepare(
                        passport, CasePipeline.modelVolumes(study, selection, CaseVolumes.build(selection)))
                .tensors()
                .get(0)
                .toArray();

        assertThat(reference.at("/projections")).hasSize(3);
        int voxels = tensor.length / 3;
        for (int channel = 0; channel < 3; channel++) {
            JsonNode projections = reference.at("/projections/" + channel);
            assertThat(projections).hasSize(32);
            for (int p = 0; p < 32; p++) {
                assertThat(projection(tensor, channel * voxels, voxels, p + 1))
                        .as("channel " + channel + ", projection " + p)
                        .isCloseTo(projections.get(p).asDouble(), within(1e-3));
            }
        }
    }

    /** Signs from bit 33 of the generator that study_reference.py states. */
    private static double projection(float[] values, int from, int count, long seed) {
        long state = seed;
        double sum = 0;
        for (int n = 0; n < count; n++) {
            state = state * 6364136223846793005L + 1442695040888963407L;
            sum += (state >>> 33 & 1) == 1 ? values[from + n] : -values[from + n];
        }
        return sum;
    }
}
