package planted.walnut.prostate;

/** Something to see from where it must not be seen. */
public record Gland() {}
