package walnut.dicom.data;

import java.util.Map;

/**
 * Objects that belong to no patient, study or series: the SOP classes of the Non-Patient Object Storage Service Class,
 * PS3.4 Table GG.3-1.
 */
public final class NonPatientObject {
    private static final Map<String, String> NAMES = Map.of(
            Uid.HangingProtocolStorage, "Hanging Protocol Storage",
            Uid.ColorPaletteStorage, "Color Palette Storage",
            Uid.GenericImplantTemplateStorage, "Generic Implant Template Storage",
            Uid.ImplantAssemblyTemplateStorage, "Implant Assembly Template Storage",
            Uid.ImplantTemplateGroupStorage, "Implant Template Group Storage",
            Uid.CTDefinedProcedureProtocolStorage, "CT Defined Procedure Protocol Storage",
            Uid.XADefinedProcedureProtocolStorage, "XA Defined Procedure Protocol Storage",
            Uid.ProtocolApprovalStorage, "Protocol Approval Storage",
            Uid.InventoryStorage, "Inventory Storage");

    private NonPatientObject() {}

    public static boolean isSopClass(String sopClassUid) {
        return NAMES.containsKey(sopClassUid);
    }

    /** The SOP class's name in PS3.6; the UID itself for any other class. */
    public static String name(String sopClassUid) {
        return NAMES.getOrDefault(sopClassUid, sopClassUid);
    }
}
