package walnut.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import walnut.prostate.phantom.Dialect;
import walnut.prostate.phantom.PhantomCohort;
import walnut.prostate.phantom.PhantomDefect;
import walnut.prostate.phantom.PhantomDefect.Outcome;
import walnut.prostate.phantom.PhantomDefect.T2wChoice;
import walnut.prostate.phantom.PhantomRecipe;
import walnut.prostate.phantom.PhantomStudy;

/** A fault planted in one study, always the same one, and whether what came of it is what was owed. */
record PlantedFault(PhantomDefect defect, PhantomStudy study) {
    private static final long FIRST_SEED = 910_200;

    static List<PlantedFault> all() {
        return PhantomDefect.planted().stream().map(PlantedFault::of).toList();
    }

    private static PlantedFault of(PhantomDefect defect) {
        long seed = FIRST_SEED + defect.ordinal();
        return new PlantedFault(
                defect, PhantomStudy.of(seed, 0, Dialect.home(seed), defect.recipe(PhantomRecipe.STANDARD)));
    }

    /** Returns the folder of the study's images. */
    Path writeTo(Path folder) throws IOException {
        PhantomCohort cohort = new PhantomCohort(folder);
        cohort.begin();
        cohort.write(study, defect);
        return folder.resolve(study.patientId());
    }

    String manufacturer() {
        return study.dialect().manufacturer();
    }

    /** @param seen a prediction's document */
    boolean isOwed(JsonNode seen) {
        Outcome expected = defect.expected();
        if (expected.isRefusal()) {
            return seen.at("/outcome").asText().equals("NOT_ELIGIBLE")
                    && codes(seen).stream().anyMatch(expected.reasonCodes()::contains);
        }
        // A twin or repeat is numbered 20 above the first, which is 2, 5 or 301.
        int t2w = seen.at("/series/T2W/seriesNumber").asInt();
        boolean later = t2w == 22 || t2w == 25 || t2w == 321;
        boolean rightT2w = expected.t2w() == T2wChoice.ANY || later == (expected.t2w() == T2wChoice.LATER);
        // Nothing completes silently: the other T2W is named among the losers, with the reason.
        boolean explained = expected.t2w() == T2wChoice.ANY || !lostT2w(seen).isEmpty();
        boolean warned = expected.t2w() == T2wChoice.ANY || warnedOf(otherT2w(expected, t2w), expected, seen);
        return seen.at("/outcome").asText().equals("COMPLETED") && rightT2w && explained && warned;
    }

    /** The series number of the T2W that was not chosen. */
    private static int otherT2w(Outcome expected, int chosen) {
        return expected.t2w() == T2wChoice.LATER ? chosen - 20 : chosen + 20;
    }

    /** Exactly one warning, which names the code owed and the series that was not used. */
    private static boolean warnedOf(int seriesNumber, Outcome expected, JsonNode seen) {
        List<String> warnings = warnings(seen);
        return warnings.size() == 1
                && warnings.get(0).startsWith(expected.warningCode().orElseThrow() + ": series " + seriesNumber + " (");
    }

    /** What the evidence of the chosen T2W says of other axial ones. */
    private static List<String> lostT2w(JsonNode seen) {
        return StreamSupport.stream(seen.at("/series/T2W/evidence").spliterator(), false)
                .map(JsonNode::asText)
                .filter(evidence -> evidence.startsWith("lost: ") && !evidence.contains("not axial"))
                .toList();
    }

    static List<String> codes(JsonNode seen) {
        return StreamSupport.stream(seen.at("/reasons").spliterator(), false)
                .map(reason -> reason.at("/code").asText())
                .toList();
    }

    static List<String> warnings(JsonNode seen) {
        return StreamSupport.stream(seen.at("/warnings").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    String owedInWords() {
        Outcome expected = defect.expected();
        if (expected.isRefusal()) {
            return "NOT_ELIGIBLE, " + String.join(" or ", expected.reasonCodes());
        }
        String t2w = expected.t2w() == T2wChoice.LATER ? ", the later T2W" : ", the first T2W";
        return "COMPLETED" + t2w
                + expected.warningCode().map(code -> ", warning " + code).orElse("");
    }

    static String inWords(JsonNode seen) {
        if (seen.at("/outcome").asText().equals("COMPLETED")) {
            return "COMPLETED, T2W of series "
                    + seen.at("/series/T2W/seriesNumber").asInt()
                    + warnings(seen).stream()
                            .map(warning -> ", warning " + warning)
                            .collect(Collectors.joining());
        }
        return seen.at("/outcome").asText() + ", " + String.join(", ", codes(seen));
    }
}
