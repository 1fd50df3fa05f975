package walnut.dicom.data;

import java.util.Set;

/**
 * Objects that belong to no patient, study or series: the SOP classes of the Non-Patient Object Storage Service Class,
 * PS3.4 Table GG.3-1.
 */
public final class NonPatientObject {
    private static final Set<String> SOP_CLASSES = Set.of(
            Uid.HangingProtocolStorage,
            Uid.ColorPaletteStorage,
            Uid.GenericImplantTemplateStorage,
            Uid.ImplantAssemblyTemplateStorage,
            Uid.ImplantTemplateGroupStorage,
            Uid.CTDefinedProcedureProtocolStorage,
            Uid.XADefinedProcedureProtocolStorage,
            Uid.ProtocolApprovalStorage,
            Uid.InventoryStorage);

    private NonPatientObject() {}

    public static boolean isSopClass(String sopClassUid) {
        return SOP_CLASSES.contains(sopClassUid);
    }
}
