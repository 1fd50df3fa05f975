/**
 * What every statistic is made of: a value with n and an interval, or the reason there is none; samples whose arguments
 * are checked once; intervals of proportions; quantiles, ranks and sorting that several statistics share.
 *
 * <p>Must not know DICOM, models, databases or pages. Nothing here throws on bad data: data are judged when a sample is
 * made, and every statistic of a faulty sample is undefined with that fault.
 */
@NullMarked
package walnut.monitoring.statistic;

import org.jspecify.annotations.NullMarked;
