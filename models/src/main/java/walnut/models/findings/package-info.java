/**
 * From a model's outputs to findings in the patient: heatmap on the T2W grid, candidates by a published rule, case score,
 * side, sizes. Executes what the passport says; knows neither DICOM nor the inference runtime's types.
 */
@NullMarked
package walnut.models.findings;

import org.jspecify.annotations.NullMarked;
