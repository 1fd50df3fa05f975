package planted.walnut.server.cli;

/** Something to see from where it must not be seen. */
public record Command() {}
