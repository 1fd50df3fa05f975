package walnut.prostate.series;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Dictionary;
import walnut.dicom.data.Element;
import walnut.dicom.data.Tag;
import walnut.dicom.data.Vr;
import walnut.prostate.series.Diffusion.Directionality;
import walnut.volume.Lps;

/**
 * The b-value of a frame: from the standard attribute, then from what the vendor writes privately, then from names. A
 * frame of which nothing says is not a frame of b = 0.
 *
 * <p>Private attributes: Siemens (0019,xx0C) "SIEMENS MR HEADER", before it the CSA header's field B_value; GE (0043,xx39)
 * "GEMS_PARM_01", first value, with 10⁹ added where a series holds several b-values; Philips (2001,xx03) "Philips Imaging
 * DD 001"; United Imaging (0065,xx09) "Image Private Header". Toshiba and Canon write "b=1000(0.0,1.0,0.0)" into
 * ImageComments. Archives rewrite their VR to OB or UN, pad them, and drop the creator: bytes that read as text are text,
 * else a number of the VR that the vendor writes; the block 10H is tried without its creator when Manufacturer is the one.
 * docs/b-values.md has the table.
 */
final class BValueReader {
    /** Larger than any diffusion protocol; larger numbers are something else. */
    private static final double MAXIMUM_B = 20_000;

    private static final String STANDARD_B = Dictionary.label(Tag.DiffusionBValue);

    private static final List<PrivateB> PRIVATE_B = List.of(
            new PrivateB("siemens", "SIEMENS MR HEADER", 0x0019, 0x0C, 0x0D, Vr.IS),
            new PrivateB("ge", "GEMS_PARM_01", 0x0043, 0x39, -1, Vr.IS),
            new PrivateB("philips", "Philips Imaging DD 001", 0x2001, 0x03, 0x04, Vr.FL),
            new PrivateB("uih", "Image Private Header", 0x0065, 0x09, -1, Vr.FD),
            new PrivateB("united imaging", "Image Private Header", 0x0065, 0x09, -1, Vr.FD));

    /** (0043,xx7F) of GE says how much is added; it has only ever been this. */
    private static final double GE_OFFSET = 1e9;

    /** Floating-point noise: 39.999996 and 40 are one b-value. */
    private static final double WHOLE = 0.01;

    private static final Pattern COMMENT_B = Pattern.compile("\\bb\\s*=\\s*(\\d{1,5})(?:\\.\\d+)?\\s*(?:\\(|$)");

    /** "ep_b800t", "*ep_b1000#3"; "ep_b50_800" names the range of a map and no b-value of the frame. */
    private static final Pattern SEQUENCE_NAME_B = Pattern.compile("_b(\\d{1,5})(t|#\\d+)?$");

    /** "b1400", "b=1400", "b-1400", "bval 1400", "b 1400", "cDWI 1400"; not the "b" that ends another word. */
    private static final Pattern NAMED_B = Pattern.compile(
            "(?<![a-z0-9])(?:c?b(?:[ _-]?val(?:ue)?)?|[cs]dwi)[ _=-]{0,3}(\\d{2,5})(?![0-9])(?!\\s*[_,/-]\\s*\\d)");

    private BValueReader() {}

    /**
     * @param manufacturer what Manufacturer contains, lower case
     * @param directionElement low byte of the element that says whether a frame is of one direction; -1 for none
     * @param written VR under which the vendor writes the b-value
     * @param words where a b-value was found, for evidence
     */
    private record PrivateB(
            String manufacturer,
            String creator,
            int group,
            int bElement,
            int directionElement,
            Vr written,
            String words) {

        PrivateB(String manufacturer, String creator, int group, int bElement, int directionElement, Vr written) {
            this(
                    manufacturer,
                    creator,
                    group,
                    bElement,
                    directionElement,
                    written,
                    String.format(Locale.ROOT, "(%04X,xx%02X) of %s", group, bElement, creator));
        }
    }

    static Diffusion read(FunctionalGroups frame, String writtenBy, String seriesDescription, String sequenceName) {
        String manufacturer = writtenBy.toLowerCase(Locale.ROOT);
        Optional<DataSet> standard = frame.groupOnly(Tag.MRDiffusionSequence);
        DataSet top = standard.orElse(frame.instance());
        Optional<Lps> gradient = gradient(top);
        OptionalDouble b = plausible(top.decimal(Tag.DiffusionBValue));
        if (b.isPresent()) {
            Directionality stated =
                    directionality(top.string(Tag.DiffusionDirectionality).orElse(""));
            Directionality direction = stated == Directionality.UNKNOWN
                    ? privateDirectionality(frame, manufacturer).orElse(stated)
                    : stated;
            return diffusion(b, STANDARD_B, direction, gradient);
        }
        for (PrivateB vendor : PRIVATE_B) {
            Optional<Diffusion> found = privateB(frame, manufacturer, vendor);
            if (found.isPresent()) {
                return found.get();
            }
        }
        Optional<Diffusion> inCsa = csaB(frame);
        if (inCsa.isPresent()) {
            return inCsa.get();
        }
        return fromNames(frame, seriesDescription, sequenceName);
    }

    private static Diffusion diffusion(
            OptionalDouble b, String from, Directionality direction, Optional<Lps> gradient) {
        boolean unweighted = b.isPresent() && b.getAsDouble() == 0 && direction == Directionality.UNKNOWN;
        return new Diffusion(b, from, unweighted ? Directionality.NONE : direction, gradient);
    }

    private static Optional<Diffusion> privateB(FunctionalGroups frame, String manufacturer, PrivateB vendor) {
        for (DataSet place : frame.places()) {
            Optional<Element> element = vendorElement(place, manufacturer, vendor, vendor.bElement());
            OptionalDouble b = element.map(found -> number(found, vendor)).orElse(OptionalDouble.empty());
            if (b.isPresent()) {
                Directionality direction =
                        privateDirectionality(frame, manufacturer).orElse(Directionality.UNKNOWN);
                return Optional.of(
                        diffusion(b, vendor.words(), direction, privateGradient(place, manufacturer, vendor)));
            }
        }
        return Optional.empty();
    }

    /** Scanners before the private attribute: the fields B_value and DiffusionDirectionality of the CSA image header. */
    private static Optional<Diffusion> csaB(FunctionalGroups frame) {
        SiemensCsa csa = SiemensCsa.of(frame.instance());
        double[] b = csa.numbers("B_value");
        if (b.length == 0) {
            return Optional.empty();
        }
        OptionalDouble only = plausible(OptionalDouble.of(b[0]));
        Directionality direction = directionality(csa.text("DiffusionDirectionality"));
        return only.isEmpty()
                ? Optional.empty()
                : Optional.of(diffusion(only, "B_value of the SIEMENS CSA HEADER", direction, Optional.empty()));
    }

    private static Optional<Element> vendorElement(DataSet place, String manufacturer, PrivateB vendor, int element) {
        return manufacturer.contains(vendor.manufacturer())
                ? PrivateElement.evenOrphaned(place, vendor.creator(), vendor.group(), element)
                : place.privateElement(vendor.creator(), vendor.group(), element);
    }

    private static Optional<Directionality> privateDirectionality(FunctionalGroups frame, String manufacturer) {
        for (PrivateB vendor : PRIVATE_B) {
            if (vendor.directionElement() < 0) {
                continue;
            }
            for (DataSet place : frame.places()) {
                Optional<Element> element = vendorElement(place, manufacturer, vendor, vendor.directionElement());
                if (element.isPresent() && !element.get().strings().isEmpty()) {
                    return Optional.of(directionality(element.get().strings().get(0)));
                }
            }
        }
        return Optional.empty();
    }

    /** Siemens (0019,xx0E) DiffusionGradientDirection: three float64, present in directional frames only. */
    private static Optional<Lps> privateGradient(DataSet place, String manufacturer, PrivateB vendor) {
        if (!vendor.manufacturer().equals("siemens")) {
            return Optional.empty();
        }
        Optional<byte[]> bytes =
                vendorElement(place, manufacturer, vendor, 0x0E).map(Element::bytes);
        if (bytes.isEmpty() || bytes.get().length != 24) {
            return Optional.empty();
        }
        ByteBuffer vector = ByteBuffer.wrap(bytes.get()).order(ByteOrder.LITTLE_ENDIAN);
        return Optional.of(new Lps(vector.getDouble(0), vector.getDouble(8), vector.getDouble(16)));
    }

    private static Optional<Lps> gradient(DataSet diffusion) {
        double[] vector = diffusion
                .item(Tag.DiffusionGradientDirectionSequence)
                .orElse(diffusion)
                .decimals(Tag.DiffusionGradientOrientation);
        return vector.length == 3 ? Optional.of(new Lps(vector[0], vector[1], vector[2])) : Optional.empty();
    }

    /** A number out of a private element, whatever VR it has come to carry; of several values the first. */
    private static OptionalDouble number(Element element, PrivateB vendor) {
        double[] first = firstDecimal(element);
        if (first.length > 0) {
            boolean offset = vendor.creator().equals("GEMS_PARM_01") && first[0] >= GE_OFFSET;
            return plausible(OptionalDouble.of(offset ? first[0] - GE_OFFSET : first[0]));
        }
        if (element.vr() != Vr.UN && element.vr() != Vr.OB) {
            return OptionalDouble.empty();
        }
        byte[] bytes = element.bytes();
        ByteBuffer binary = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (vendor.written() == Vr.FL && bytes.length == Float.BYTES) {
            return plausible(OptionalDouble.of(binary.getFloat()));
        }
        return vendor.written() == Vr.FD && bytes.length == Double.BYTES
                ? plausible(OptionalDouble.of(binary.getDouble()))
                : OptionalDouble.empty();
    }

    /** Alone, since GE follows its b-value by flags of which some are empty. */
    private static double[] firstDecimal(Element element) {
        List<String> values = element.strings();
        return values.isEmpty() || values.get(0).isEmpty()
                ? new double[0]
                : Element.ofText(element.tag(), Vr.DS, List.of(values.get(0))).decimals();
    }

    private static OptionalDouble plausible(OptionalDouble b) {
        if (b.isEmpty() || !(b.getAsDouble() >= 0 && b.getAsDouble() <= MAXIMUM_B)) {
            return OptionalDouble.empty();
        }
        double whole = Math.rint(b.getAsDouble());
        return Math.abs(b.getAsDouble() - whole) < WHOLE ? OptionalDouble.of(whole) : b;
    }

    private static Directionality directionality(String written) {
        String word = written.toUpperCase(Locale.ROOT);
        if (word.equals("ISOTROPIC") || word.equals("I")) {
            return Directionality.ISOTROPIC;
        }
        // Philips names its directions: measurement, phase encoding, slice, oblique.
        if (List.of("DIRECTIONAL", "BMATRIX", "M", "P", "S", "O").contains(word)) {
            return Directionality.DIRECTIONAL;
        }
        return word.equals("NONE") ? Directionality.NONE : Directionality.UNKNOWN;
    }

    private static Diffusion fromNames(FunctionalGroups frame, String seriesDescription, String sequenceName) {
        String comment = frame.instance().string(Tag.ImageComments).orElse("");
        Matcher inComment = COMMENT_B.matcher(comment.toLowerCase(Locale.ROOT));
        if (inComment.find()) {
            Directionality direction = comment.contains("(") ? Directionality.DIRECTIONAL : Directionality.UNKNOWN;
            return named(inComment.group(1), "ImageComments \"" + comment + "\"", direction);
        }
        Matcher inSequence = SEQUENCE_NAME_B.matcher(sequenceName.toLowerCase(Locale.ROOT));
        if (inSequence.find()) {
            boolean trace = "t".equals(inSequence.group(2));
            Directionality direction = trace
                    ? Directionality.ISOTROPIC
                    : inSequence.group(2) == null ? Directionality.UNKNOWN : Directionality.DIRECTIONAL;
            return named(inSequence.group(1), "SequenceName \"" + sequenceName + "\"", direction);
        }
        return ofDescription(seriesDescription);
    }

    /** The one b-value that a description names; with two or more it says nothing about a frame. */
    static Diffusion ofDescription(String seriesDescription) {
        Matcher inName = NAMED_B.matcher(seriesDescription.toLowerCase(Locale.ROOT));
        if (!inName.find()) {
            return Diffusion.NONE;
        }
        String only = inName.group(1);
        return inName.find()
                ? Diffusion.NONE
                : named(only, "SeriesDescription \"" + seriesDescription + "\"", Directionality.UNKNOWN);
    }

    private static Diffusion named(String digits, String from, Directionality direction) {
        OptionalDouble b = plausible(OptionalDouble.of(Double.parseDouble(digits)));
        return b.isPresent() ? diffusion(b, from, direction, Optional.empty()) : Diffusion.NONE;
    }
}
