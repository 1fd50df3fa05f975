/**
 * Instances that are still there after a power cut: plain {@code .dcm} files, streamed to disk as they arrive and
 * acknowledged only when the file, its directory and the index row that names it have all been synced.
 *
 * <p>Owns the files and nothing else: what is committed where is asked of an {@link InstanceIndex}. Must not know the
 * network, SQL, series, studies or models. Identity rules: design §4; why three syncs side by side: design §5.7.
 */
@NullMarked
package walnut.store;

import org.jspecify.annotations.NullMarked;
