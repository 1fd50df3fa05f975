package planted.walnut.unmarked;

/** Its package has no package-info.java. */
record Unmarked() {}
