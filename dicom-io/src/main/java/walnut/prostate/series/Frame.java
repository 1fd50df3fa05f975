package walnut.prostate.series;

import java.nio.file.Path;

/**
 * One image plane: a classic instance, or one frame of a multi-frame instance.
 *
 * @param file where its pixels lie (a Part 10 file)
 * @param number of the frame within the instance, from 1
 */
public record Frame(Path file, String sopInstanceUid, int number) {}
