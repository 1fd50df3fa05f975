package walnut.server.pages;

import java.util.Arrays;
import java.util.Map;
import walnut.failure.FailureCategory;
import walnut.failure.FailureCode;

/** What a reader or an administrator can do about a reason, by its code. */
final class Advice {
    private static final Map<String, String> BY_CODE = Map.ofEntries(
            Map.entry(
                    "130583",
                    "Send the diffusion series with the missing b-value from the scanner or the PACS; the case is then "
                            + "assembled again by itself."),
            Map.entry(
                    "130585",
                    "Send the ADC map that the scanner made; the case is then assembled " + "again by itself."),
            Map.entry(
                    "130574",
                    "Send the missing images again; what has arrived is kept and the case is assembled again by itself."),
            Map.entry(
                    "EXPECTED_T2W_MISSING",
                    "Send the axial T2-weighted series over the prostate; the case is then assembled again by itself."),
            Map.entry(
                    "MISSING_SLICE",
                    "Send the series again from the scanner or the PACS: a slice inside it did not arrive."),
            Map.entry("DUPLICATE_SLICE", "Two images claim one place: send the series again, once, from its source."),
            Map.entry(
                    "UNEVEN_SLICES",
                    "The slices do not lie at even distances, so no volume can be built: send the original series, not a "
                            + "selection of it."),
            Map.entry("MIXED_ORIENTATION", "Send the axial images as a series of their own."),
            Map.entry("MIXED_GRID", "Send the original series: its images differ in size or spacing."),
            Map.entry(
                    "GEOMETRY_MISSING",
                    "The images do not say where they lie in the patient: send the originals, not screen captures."),
            Map.entry(
                    "MIXED_FRAME_OF_REFERENCE",
                    "T2W and diffusion were not taken in one position, so they cannot be laid over each other: read this "
                            + "case without the model."),
            Map.entry(
                    "PIXELS_NOT_DECODABLE",
                    "Send the series uncompressed, or in a transfer syntax that this node's conformance statement "
                            + "lists."),
            Map.entry(
                    "PATIENT_CONFLICT",
                    "Images of two patients carry one study UID: have the PACS administrator mend the study, then send "
                            + "it again."),
            Map.entry(
                    "SOP_INSTANCE_CONFLICT",
                    "Two different images carry one UID: the PACS administrator decides which of them holds."),
            Map.entry(
                    "OUT_OF_INTENDED_USE",
                    "These images are not what the model is meant for. Take the score as a technical demonstration "
                            + "only."),
            Map.entry(
                    "AMBIGUOUS_T2W",
                    "Several axial T2W series fitted and the later one was used: check below that it is the right one."),
            Map.entry(
                    "AMBIGUOUS_ADC",
                    "Several ADC maps fitted and the later one was used: check below that it is the right one."),
            Map.entry(
                    "AMBIGUOUS_HBV",
                    "Several high b-value series fitted and the later one was used: check below that it is the right "
                            + "one."),
            Map.entry(
                    "T2W_TWIN_NOT_USED",
                    "The study holds another axial T2W series: check that the one used is the one you would read, and "
                            + "look at the other too."),
            Map.entry(
                    "LARGE_FIELD_T2W",
                    "The T2W used shows the whole pelvis, so the prostate is coarse in it: send the T2W of the prostate "
                            + "if there is one."),
            Map.entry(
                    "BETTER_SERIES_UNUSABLE",
                    "A series that fits better arrived damaged: send it again; the case is then assembled again by "
                            + "itself."),
            Map.entry(
                    "ADC_UNIT_CONVERTED",
                    "Nothing to do: the ADC map was stored in another unit, and its values were converted."),
            Map.entry(
                    "ADC_INCONSISTENT",
                    "The ADC map does not agree with the diffusion images it should come from: read both with care."),
            Map.entry(
                    "GATE_PATIENT_SEX",
                    "PatientSex is not M: check whose study this is, and correct it at its source if it is wrong."),
            Map.entry(
                    "GATE_PATIENT_AGE",
                    "PatientAge says that the patient is no adult: check it at its source; models are made for adults."),
            Map.entry(
                    "GATE_BODY_REGION",
                    "Texts or codes name another organ: if it is a prostate study, have its description corrected and send it again."),
            Map.entry(
                    "GATE_COVERAGE",
                    "The diffusion images end before the gland does: send the whole series, or read this case without the model."),
            Map.entry(
                    "GATE_GLAND_FOUND",
                    "The model sees no prostate: read this case without it. After prostatectomy that is expected."),
            Map.entry(
                    "GATE_GLAND_COVERED",
                    "Part of the gland has no diffusion values: send the whole series, or read this case without the model."),
            Map.entry(
                    "GATE_CONTEXT_TREATMENT", "The model is not made for treated patients: read this case without it."),
            Map.entry(
                    "GATE_CONTEXT_RECENT_BIOPSY",
                    "Haemorrhage after biopsy looks like cancer to the model: read this case without it."),
            Map.entry(
                    "GATE_CONTEXT_PROSTHESIS",
                    "A prosthesis distorts the diffusion images: read this case without the model."),
            Map.entry(
                    "GATE_CONTEXT_ENDORECTAL_COIL",
                    "The model has not seen images with an endorectal coil: read this case without it."),
            Map.entry("VOLUME_CONSTANT", "A series holds no picture, only one value: send the original images."),
            Map.entry("VOLUME_NOT_FINITE", "A series holds values that are no numbers: send the original images."),
            Map.entry(
                    "UNSUPPORTED_TRANSFER_SYNTAX",
                    "Send the series uncompressed, or in a transfer syntax that the conformance statement lists."),
            Map.entry(
                    "STUDY_TOO_LARGE",
                    "The study needs more memory than this node gives to one: its administrator can raise -Xmx, then process it again."),
            Map.entry("INPUT_GONE", "Retention has removed the images. Send the study again to see it."));

    private Advice() {}

    /** Whether there is advice on this very code. */
    static boolean knows(String code) {
        return BY_CODE.containsKey(code);
    }

    static String on(String code) {
        String advice = BY_CODE.get(code);
        return advice != null ? advice : byCategory(code);
    }

    private static String byCategory(String code) {
        return Arrays.stream(FailureCode.values())
                .filter(known -> known.name().equals(code))
                .findFirst()
                .map(known -> ofCategory(known.category()))
                .orElse("Read this case without the model. If the reason looks wrong, show it to the administrator.");
    }

    private static String ofCategory(FailureCategory category) {
        return switch (category) {
            case INPUT ->
                "The images cannot be used as they came. Send the study again; if it stays so, read it without the "
                        + "model.";
            case PEER -> "The sender did not behave as expected: ask the PACS administrator.";
            case RESOURCE -> "This node was short of a resource. It tries again by itself; tell its administrator.";
            case EXTERNAL -> "A system outside did not answer. It is tried again by itself.";
            case INTERNAL -> "A defect on our side: read this case without the model and tell the administrator.";
        };
    }
}
