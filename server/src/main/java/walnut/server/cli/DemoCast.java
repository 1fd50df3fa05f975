package walnut.server.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import walnut.prostate.phantom.Dialect;
import walnut.prostate.phantom.PhantomDefect;
import walnut.prostate.phantom.PhantomLesion;
import walnut.prostate.phantom.PhantomRecipe;
import walnut.prostate.phantom.PhantomStudy;

/**
 * Who comes to the demo. Of every six patients the second is scanned again the next day, the fifth lacks the ADC map and
 * the sixth has another fault planted, the next one each time round.
 */
final class DemoCast {
    /** Demo patients have seeds of their own, disjoint from those of training and test (models/training). */
    private static final long FIRST_SEED = 910_000;

    private static final int ROUND = 6;
    private static final int SCANNED_TWICE = 1;
    private static final int WITHOUT_ADC = 4;
    private static final int FAULTY = 5;

    private static final List<PhantomDefect> OTHER_FAULTS = otherFaults();

    private DemoCast() {}

    /** A study that will be sent. */
    record Appointment(long seed, int visit, PhantomDefect defect) {

        PhantomStudy make() {
            return PhantomStudy.of(seed, visit, Dialect.home(seed), defect.recipe(PhantomRecipe.STANDARD));
        }

        /** What a reader of the table should know: the truth, and what was done to the study. */
        String describe(PhantomStudy study) {
            if (defect != PhantomDefect.NONE) {
                return "fault: " + defect.what();
            }
            return truth(study) + (visit == 0 ? "" : " (scanned again)");
        }
    }

    /** The studies of this many patients, in the order in which they come. */
    static List<Appointment> of(int patients) {
        List<Appointment> appointments = new ArrayList<>();
        for (int index = 0; index < patients; index++) {
            long seed = FIRST_SEED + index;
            appointments.add(new Appointment(seed, 0, defectOf(index)));
            if (index % ROUND == SCANNED_TWICE) {
                appointments.add(new Appointment(seed, 1, PhantomDefect.NONE));
            }
        }
        return List.copyOf(appointments);
    }

    private static PhantomDefect defectOf(int index) {
        return switch (index % ROUND) {
            case WITHOUT_ADC -> PhantomDefect.NO_ADC;
            case FAULTY -> OTHER_FAULTS.get(index / ROUND % OTHER_FAULTS.size());
            default -> PhantomDefect.NONE;
        };
    }

    /** The one that looks most like a prostate first: a complete study of the pelvis with all contrasts. */
    private static List<PhantomDefect> otherFaults() {
        List<PhantomDefect> faults = new ArrayList<>(PhantomDefect.planted());
        faults.remove(PhantomDefect.NO_ADC);
        faults.sort(Comparator.comparing(fault -> fault != PhantomDefect.RECTAL_CANCER));
        return List.copyOf(faults);
    }

    private static String truth(PhantomStudy study) {
        return study.lesions().stream()
                .max(Comparator.comparingInt(PhantomLesion::isup))
                .map(lesion -> String.format(
                        Locale.ROOT,
                        "ISUP %d, %s, %.2f mL",
                        lesion.isup(),
                        lesion.side().name().toLowerCase(Locale.ROOT),
                        lesion.volumeMl()))
                .orElse("no csPCa");
    }
}
