package planted.walnut.volume;

/** Something to see from where it must not be seen. */
public record Grid() {}
