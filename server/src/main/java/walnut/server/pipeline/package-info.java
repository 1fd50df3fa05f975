/**
 * The corridor from an assembled study to findings: the one place that knows the order of the stages, when a study is
 * whole enough to start, and how a stored prediction is run again.
 */
@NullMarked
package walnut.server.pipeline;

import org.jspecify.annotations.NullMarked;
