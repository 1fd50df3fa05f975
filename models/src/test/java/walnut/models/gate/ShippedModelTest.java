package walnut.models.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import walnut.models.gate.KnownAnswer.Verdict;
import walnut.models.inference.LoadedModel;
import walnut.models.inference.ModelOutput;
import walnut.models.passport.ModelPackage;
import walnut.models.passport.Passport;
import walnut.models.passport.Passport.Runtime;
import walnut.models.passport.Passport.Runtime.OptimizationLevel;
import walnut.models.passport.Passport.Runtime.Provider;
import walnut.models.preprocess.ModelInput;

/** The shipped detector on this machine: its known answers, and what moves the bits of its answer and what does not. */
class ShippedModelTest {
    private static final ModelPackage DETECTOR = ModelPackage.open(Path.of("packages/walnut-phantom-detector"));

    @Test
    void gives_its_known_answers() {
        try (LoadedModel model = LoadedModel.load(DETECTOR)) {
            KnownAnswer answer = KnownAnswer.run(DETECTOR, model);

            assertThat(answer.cases()).isNotEmpty();
            assertThat(answer.overall().orElseThrow())
                    .as(answer.toString())
                    .isIn(Verdict.BITWISE, Verdict.WITHIN_TOLERANCE);
        }
    }

    @ParameterizedTest
    @EnumSource(OptimizationLevel.class)
    void runs_sessions_and_threads_do_not_move_a_bit_within_an_optimization_level(OptimizationLevel level) {
        Set<Map<String, String>> digests = new HashSet<>();
        for (int threads : new int[] {1, 1, 2}) {
            try (LoadedModel model = LoadedModel.load(DETECTOR, new Runtime(Provider.CPU, level, threads, 60_000))) {
                digests.add(model.run(input()).sha256());
                digests.add(model.run(input()).sha256());
            }
        }
        assertThat(digests).hasSize(1);
    }

    /** Between levels fused operators may round otherwise, which is why the level is part of the fingerprint. */
    @ParameterizedTest
    @EnumSource(OptimizationLevel.class)
    void optimization_levels_differ_by_rounding_at_most(OptimizationLevel level) {
        float[] declared = heat(DETECTOR.passport().runtime().optimizationLevel());
        float[] other = heat(level);

        double largest = 0;
        for (int n = 0; n < declared.length; n++) {
            largest = Math.max(largest, Math.abs((double) declared[n] - other[n]));
        }
        assertThat(largest).isLessThan(1e-5);
    }

    private static float[] heat(OptimizationLevel level) {
        try (LoadedModel model = LoadedModel.load(DETECTOR, new Runtime(Provider.CPU, level, 1, 60_000))) {
            ModelOutput output = model.run(input());
            return output.tensor("heat").toArray();
        }
    }

    private static ModelInput input() {
        Passport passport = DETECTOR.passport();
        return KnownAnswer.input(passport, passport.knownAnswers().get(0).inputs(), DETECTOR);
    }
}
