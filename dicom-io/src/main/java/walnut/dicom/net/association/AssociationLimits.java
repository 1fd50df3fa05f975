package walnut.dicom.net.association;

import java.time.Duration;

/**
 * What one side of an association allows.
 *
 * @param maximumPduLength longest P-DATA-TF body accepted, as announced to the peer
 * @param artimTimeout PS3.8 section 9.1.5: for an A-ASSOCIATE-RQ after connecting, and for the peer to close at the end
 */
public record AssociationLimits(int maximumPduLength, Duration artimTimeout) {}
