package planted.walnut.circle.right;

import planted.walnut.circle.left.Left;

/** Half of a circle. */
public record Right(Left left) {}
