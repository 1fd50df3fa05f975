/**
 * Runs models: DJL owns Model, Translator and Predictor, a block of ours owns the ONNX Runtime session. Also what makes
 * a run believable: the model file checked against its passport, outputs checked, digests, the runtime's fingerprint,
 * known answers. The only room that imports DJL and ONNX Runtime; knows nothing of DICOM or of what outputs mean.
 *
 * <p>Threads: a {@link walnut.models.inference.LoadedModel} may be run from several threads; closing it waits for them.
 */
@NullMarked
package walnut.models.inference;

import org.jspecify.annotations.NullMarked;
