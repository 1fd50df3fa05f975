package walnut.prostate.phantom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;

/** Every planted fault is really there, and nothing else is wrong. */
class PlantedFaultsTest {
    private static final Dialect TINY = PhantomArrays.central(Dialect.SYNTH_A).withT2wMatrix(32);
    private static final int WHOLE = 120;

    private static List<DataSet> with(PhantomDefect defect) {
        PhantomStudy study = PhantomStudy.of(500_002, 0, TINY, defect.recipe(PhantomRecipe.STANDARD));
        List<DataSet> instances = new ArrayList<>();
        PhantomObjects.forEach(study, defect, instances::add);
        return instances;
    }

    private static Set<String> values(List<DataSet> instances, int tag) {
        return instances.stream()
                .map(instance -> instance.string(tag).orElse(""))
                .collect(Collectors.toSet());
    }

    private static List<DataSet> series(List<DataSet> instances, int number) {
        return instances.stream()
                .filter(instance -> instance.integer(Tag.SeriesNumber).orElseThrow() == number)
                .toList();
    }

    @Test
    void every_fault_says_what_it_is_and_what_has_to_come_of_it() {
        for (PhantomDefect defect : PhantomDefect.planted()) {
            assertTrue(defect.what().length() > 5, defect.name());
            PhantomDefect.Outcome expected = defect.expected();
            assertTrue(expected.isRefusal() || expected.warningCode().isPresent(), defect + " would complete silently");
        }
    }

    @Test
    void pelves_say_in_their_headers_what_a_real_one_would() {
        List<DataSet> bed = with(PhantomDefect.PROSTATECTOMY_BED);
        assertEquals(WHOLE, bed.size());
        assertEquals(Set.of("M"), values(bed, Tag.PatientSex));
        assertEquals(Set.of("MR prostate, synthetic phantom"), values(bed, Tag.StudyDescription));
        List<DataSet> female = with(PhantomDefect.FEMALE_PELVIS);
        assertEquals(WHOLE, female.size());
        assertEquals(Set.of("F"), values(female, Tag.PatientSex));
        List<DataSet> rectum = with(PhantomDefect.RECTAL_CANCER);
        assertEquals(WHOLE, rectum.size(), "all contrasts are there");
        assertEquals(Set.of("MR rectum, synthetic phantom"), values(rectum, Tag.StudyDescription));
    }

    @Test
    void series_are_left_out() {
        assertEquals(20, with(PhantomDefect.NO_DWI).size());
        assertEquals(100, with(PhantomDefect.NO_ADC).size());
        assertEquals(40, with(PhantomDefect.NO_HIGH_B).size());
        List<DataSet> only = with(PhantomDefect.ONLY_B800);
        assertEquals(60, only.size());
        assertEquals(800, series(only, 3).get(19).decimal(Tag.DiffusionBValue).orElseThrow());
    }

    @Test
    void slices_are_left_out() {
        assertEquals(10, series(with(PhantomDefect.ADC_HALF_GLAND), 4).size());
        List<DataSet> t2w = series(with(PhantomDefect.MISSING_SLICE), 2);
        assertEquals(19, t2w.size());
        List<Double> heights = t2w.stream()
                .map(instance -> instance.decimal(Tag.SliceLocation).orElseThrow())
                .sorted()
                .toList();
        assertEquals(19 * 3, heights.get(18) - heights.get(0), .01, "the first and the last are there");
    }

    @Test
    void an_exponential_map_stands_where_the_adc_map_was() {
        DataSet map = series(with(PhantomDefect.EADC_FOR_ADC), 4).get(0);
        assertTrue(map.strings(Tag.ImageType).contains("EADC"));
        assertFalse(map.strings(Tag.ImageType).contains("ADC"));
        assertEquals(.001, map.decimal(Tag.RescaleSlope).orElseThrow());
    }

    @Test
    void directions_are_not_averaged() {
        List<DataSet> directional = series(with(PhantomDefect.DIRECTIONAL_DWI), 3);
        assertEquals(3 * 3 * 20, directional.size());
        assertEquals(Set.of("DIRECTIONAL"), values(directional, Tag.DiffusionDirectionality));
        assertTrue(series(with(PhantomDefect.DIRECTIONAL_DWI), 5).isEmpty(), "no computed b-value");
    }

    @Test
    void twins_come_later_and_see_the_same_man() {
        List<DataSet> large = series(with(PhantomDefect.LARGE_FIELD_T2W_TWIN), 22);
        assertEquals(14, large.size());
        DataSet twin = large.get(0);
        double field = twin.integer(Tag.Columns).orElseThrow() * twin.decimals(Tag.PixelSpacing)[1];
        assertEquals(384, field, .01);
        List<DataSet> three = series(with(PhantomDefect.THREE_D_T2W_TWIN), 22);
        assertEquals(60, three.size());
        assertEquals(Set.of("3D"), values(three, Tag.MRAcquisitionType));
        DataSet first = series(with(PhantomDefect.THREE_D_T2W_TWIN), 2).get(0);
        assertTrue(three.get(0)
                        .string(Tag.SeriesTime)
                        .orElseThrow()
                        .compareTo(first.string(Tag.SeriesTime).orElseThrow())
                > 0);
        assertEquals(first.string(Tag.FrameOfReferenceUID), three.get(0).string(Tag.FrameOfReferenceUID));
    }

    @Test
    void the_repeated_t2w_is_the_sharp_one() {
        List<DataSet> all = with(PhantomDefect.REPEATED_T2W);
        assertEquals(WHOLE + 20, all.size());
        assertTrue(sharpness(series(all, 22).get(10))
                > 1.1 * sharpness(series(all, 2).get(10)));
    }

    /** Mean absolute difference of neighbours along columns. */
    private static double sharpness(DataSet instance) {
        byte[] pixels = instance.bytes(Tag.PixelData).orElseThrow();
        int columns = instance.integer(Tag.Columns).orElseThrow();
        double sum = 0;
        int count = 0;
        for (int at = 2 * columns; at < pixels.length; at += 2) {
            int here = pixels[at] & 0xff | (pixels[at + 1] & 0xff) << 8;
            int above = pixels[at - 2 * columns] & 0xff | (pixels[at - 2 * columns + 1] & 0xff) << 8;
            sum += Math.abs(here - above);
            count++;
        }
        return sum / count;
    }

    @Test
    void a_t1w_after_contrast_bears_the_name_of_the_t2w() {
        DataSet t1 = series(with(PhantomDefect.T1_POST_NAMED_T2), 2).get(0);
        assertEquals("t2_tse_tra", t1.string(Tag.SeriesDescription).orElseThrow());
        assertTrue(t1.decimal(Tag.EchoTime).orElseThrow() < 10);
        assertTrue(t1.contains(Tag.ContrastBolusAgent));
    }

    @Test
    void identities_differ_between_the_series() {
        List<DataSet> two = with(PhantomDefect.TWO_PATIENTS);
        assertEquals(2, values(two, Tag.PatientID).size());
        assertEquals(1, values(two, Tag.StudyInstanceUID).size());
        List<DataSet> frames = with(PhantomDefect.OTHER_FRAME_OF_REFERENCE);
        assertEquals(2, values(frames, Tag.FrameOfReferenceUID).size());
        assertEquals(WHOLE, frames.size());
    }
}
