package walnut.dicom.part10;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Dictionary;
import walnut.dicom.data.Tag;
import walnut.dicom.data.Vr;

/** Data sets that exercise every VR, private blocks, nesting and text beyond ASCII, from a seed. */
public final class RandomDataSets {
    private static final String[] CHARACTER_SETS = {"", "ISO_IR 100", "ISO_IR 192", "ISO_IR 144", "GB18030"};
    private static final String LETTERS = "ABCxyz 019^=-_äöüЖя王東";

    private final Random random;

    public RandomDataSets(long seed) {
        this.random = new Random(seed);
    }

    /** A data set with an identity, so that it can be a file. */
    public DataSet next() {
        DataSet.Builder builder = DataSet.builder();
        fill(builder, 0);
        return builder.putString(Tag.SOPClassUID, "1.2.840.10008.5.1.4.1.1.4")
                .putString(Tag.SOPInstanceUID, "2.25." + random.nextInt(Integer.MAX_VALUE))
                .putBytes(Tag.PixelData, Vr.OW, bytes(2 * random.nextInt(600)))
                .build();
    }

    private void fill(DataSet.Builder builder, int depth) {
        if (random.nextInt(3) == 0) {
            builder.putString(Tag.SpecificCharacterSet, CHARACTER_SETS[random.nextInt(CHARACTER_SETS.length)]);
        }
        int[] tags = {
            Tag.ImageType,
            Tag.PatientName,
            Tag.SeriesDescription,
            Tag.PatientBirthDate,
            Tag.EchoTime,
            Tag.InstanceNumber,
            Tag.Rows,
            Tag.DiffusionBValue,
            Tag.FrameIncrementPointer,
            Tag.ImageComments,
            Tag.SelectorFLValue,
            Tag.SimpleFrameList,
            Tag.RetrieveURL,
            Tag.LongCodeValue,
            Tag.SelectorOVValue,
            Tag.ReferencedImageSequence,
            Tag.ContentSequence,
        };
        for (int tag : tags) {
            if (random.nextBoolean()) {
                value(builder, tag, Dictionary.vr(tag), depth);
            }
        }
        if (random.nextBoolean()) {
            builder.putString(0x00190010, Vr.LO, "WALNUT TEST");
            builder.putBytes(0x00191001, Vr.UN, bytes(2 * random.nextInt(20)));
            builder.putString(0x00191002, Vr.LO, "private äé");
            value(builder, 0x00191003, Vr.SQ, depth);
        }
    }

    private void value(DataSet.Builder builder, int tag, Vr vr, int depth) {
        if (vr.isSequence()) {
            List<DataSet> items = new ArrayList<>();
            for (int i = random.nextInt(depth > 2 ? 1 : 3); i > 0; i--) {
                DataSet.Builder item = DataSet.builder();
                fill(item, depth + 1);
                items.add(item.build());
            }
            builder.putItems(tag, items);
        } else if (vr.usesSpecificCharacterSet()) {
            builder.putString(tag, vr, text(random.nextInt(30)));
        } else {
            switch (vr) {
                case CS, UR -> builder.putString(tag, vr, "ORIGINAL");
                case DA -> builder.putString(tag, vr, "19500101");
                case DS -> builder.putDecimal(tag, vr, random.nextGaussian() * 1000, random.nextInt());
                case IS -> builder.putInteger(tag, vr, random.nextInt());
                default -> builder.putBytes(tag, vr, bytes(8 * random.nextInt(4)));
            }
        }
    }

    private String text(int length) {
        StringBuilder text = new StringBuilder();
        int letters = random.nextBoolean() ? 12 : LETTERS.length();
        for (int i = 0; i < length; i++) {
            text.append(LETTERS.charAt(random.nextInt(letters)));
        }
        return text.toString();
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
