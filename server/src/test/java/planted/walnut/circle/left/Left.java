package planted.walnut.circle.left;

import planted.walnut.circle.right.Right;

/** Half of a circle. */
public record Left(Right right) {}
