package walnut.dicom.object;

import java.util.ArrayList;
import java.util.List;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;

/**
 * A node of an SR content tree (PS3.3 C.17.3) and those below it. Immutable: {@link #with} returns a larger tree.
 *
 * <p>Each kind of node takes its own value; which kinds may stand below which is the template's business (PS3.16), not
 * checked here.
 */
final class ContentItem {
    private final DataSet value;
    private final List<DataSet> children;

    private ContentItem(DataSet value, List<DataSet> children) {
        this.value = value;
        this.children = children;
    }

    static ContentItem container(String relationship, CodedConcept name) {
        return named("CONTAINER", relationship, name, DataSet.builder().putString(Tag.ContinuityOfContent, "SEPARATE"));
    }

    /** The root has no relationship, and names the template it follows. */
    static ContentItem root(CodedConcept name, String template) {
        return new ContentItem(
                DataSet.builder()
                        .putString(Tag.ValueType, "CONTAINER")
                        .putItems(Tag.ConceptNameCodeSequence, name.item())
                        .putString(Tag.ContinuityOfContent, "SEPARATE")
                        .putItems(
                                Tag.ContentTemplateSequence,
                                DataSet.builder()
                                        .putString(Tag.MappingResource, "DCMR")
                                        .putString(Tag.TemplateIdentifier, template)
                                        .build())
                        .build(),
                List.of());
    }

    static ContentItem code(String relationship, CodedConcept name, CodedConcept value) {
        return named("CODE", relationship, name, DataSet.builder().putItems(Tag.ConceptCodeSequence, value.item()));
    }

    static ContentItem text(String relationship, CodedConcept name, String value) {
        return named("TEXT", relationship, name, DataSet.builder().putString(Tag.TextValue, value));
    }

    static ContentItem uid(String relationship, CodedConcept name, String value) {
        return named("UIDREF", relationship, name, DataSet.builder().putString(Tag.UID, value));
    }

    /** A number in a UCUM unit; written with the 16 characters of a DS and, since those may round, as a double too. */
    static ContentItem number(String relationship, CodedConcept name, double value, CodedConcept unit) {
        DataSet measured = DataSet.builder()
                .putDecimal(Tag.FloatingPointValue, value)
                .putItems(Tag.MeasurementUnitsCodeSequence, unit.item())
                .putDecimal(Tag.NumericValue, value)
                .build();
        return named("NUM", relationship, name, DataSet.builder().putItems(Tag.MeasuredValueSequence, measured));
    }

    static ContentItem image(String relationship, ImageReference image) {
        return new ContentItem(
                DataSet.builder()
                        .putString(Tag.RelationshipType, relationship)
                        .putString(Tag.ValueType, "IMAGE")
                        .putItems(Tag.ReferencedSOPSequence, image.item())
                        .build(),
                List.of());
    }

    /**
     * A closed outline on one image (PS3.3 C.18.6).
     *
     * @param columnRow column and row of each corner in turn, in pixels, 0\0 the outer corner of the first pixel; the
     *     first corner is repeated at the end
     */
    static ContentItem outline(String relationship, CodedConcept name, double[] columnRow, ImageReference image) {
        return named(
                        "SCOORD",
                        relationship,
                        name,
                        DataSet.builder().putDecimal(Tag.GraphicData, columnRow).putString(Tag.GraphicType, "POLYLINE"))
                .with(image("SELECTED FROM", image));
    }

    /** A place in the patient (PS3.3 C.18.9), LPS millimetres. */
    static ContentItem point3d(String relationship, double[] lps, String frameOfReferenceUid) {
        return new ContentItem(
                DataSet.builder()
                        .putString(Tag.RelationshipType, relationship)
                        .putString(Tag.ValueType, "SCOORD3D")
                        .putDecimal(Tag.GraphicData, lps)
                        .putString(Tag.GraphicType, "POINT")
                        .putString(Tag.ReferencedFrameOfReferenceUID, frameOfReferenceUid)
                        .build(),
                List.of());
    }

    private static ContentItem named(
            String valueType, String relationship, CodedConcept name, DataSet.Builder valueAttributes) {
        return new ContentItem(
                valueAttributes
                        .putString(Tag.RelationshipType, relationship)
                        .putString(Tag.ValueType, valueType)
                        .putItems(Tag.ConceptNameCodeSequence, name.item())
                        .build(),
                List.of());
    }

    ContentItem with(ContentItem child) {
        List<DataSet> more = new ArrayList<>(children);
        more.add(child.dataSet());
        return new ContentItem(value, List.copyOf(more));
    }

    ContentItem with(List<ContentItem> more) {
        ContentItem grown = this;
        for (ContentItem child : more) {
            grown = grown.with(child);
        }
        return grown;
    }

    DataSet dataSet() {
        return children.isEmpty()
                ? value
                : value.toBuilder().putItems(Tag.ContentSequence, children).build();
    }
}
