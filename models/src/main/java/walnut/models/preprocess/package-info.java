/**
 * From volumes to the tensors a model wants, exactly as its passport says and in its order. Knows passports and volumes,
 * not where the volumes came from nor what runs the model.
 */
@NullMarked
package walnut.models.preprocess;

import org.jspecify.annotations.NullMarked;
