/**
 * Where model packages live on a node: the shipped ones on the class path, all of them by digest under the data
 * directory, from where alone they are loaded.
 */
@NullMarked
package walnut.models.registry;

import org.jspecify.annotations.NullMarked;
