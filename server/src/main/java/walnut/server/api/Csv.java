package walnut.server.api;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads comma-separated values as they arrive, in pieces of any size: RFC 4180, with LF as well as CRLF, and a byte order
 * mark skipped. Blank lines are no records. Of a record that is none, its first line is given up and what follows is read
 * on, so that one bad line costs no other. At most one record is held.
 */
final class Csv {
    /** Characters of one record, its line ends included; a label has some hundred. */
    static final int LONGEST_RECORD = 64 * 1024;

    /** Takes what was read. Lines are counted as an editor counts them, from 1. */
    interface Records {
        /** @param line on which the record begins */
        void record(int line, List<String> fields);

        /** @param line that was given up */
        void broken(int line, String why);
    }

    private enum State {
        FIELD_BEGINS,
        PLAIN,
        QUOTED,
        QUOTE_IN_QUOTED,
        AFTER_RETURN
    }

    private final Records records;
    private final StringBuilder raw = new StringBuilder();
    private final StringBuilder field = new StringBuilder();
    private List<String> fields = new ArrayList<>();
    private State state = State.FIELD_BEGINS;
    /** The line on which the record at hand begins, and how many line ends it holds so far. */
    private int line = 1;

    private int lineEnds;
    private boolean skippingLine;
    private boolean begun;

    Csv(Records records) {
        this.records = records;
    }

    void read(CharSequence piece) {
        for (int index = 0; index < piece.length(); index++) {
            char character = piece.charAt(index);
            if (begun || character != '\uFEFF') {
                read(character);
            }
            begun = true;
        }
    }

    /** Nothing follows. */
    void end() {
        if (state == State.QUOTED) {
            giveUp("a quote is never closed");
            if (raw.length() > 0) {
                end();
            }
        } else if (raw.length() > 0 && !skippingLine) {
            endField();
            endRecord();
        }
    }

    private void read(char character) {
        if (skippingLine) {
            if (character == '\n') {
                skippingLine = false;
                line++;
            }
            return;
        }
        raw.append(character);
        if (character == '\n') {
            lineEnds++;
        }
        switch (state) {
            case FIELD_BEGINS, PLAIN -> unquoted(character);
            case QUOTED -> quoted(character);
            case QUOTE_IN_QUOTED -> afterQuote(character);
            case AFTER_RETURN -> afterReturn(character);
        }
        if (raw.length() > LONGEST_RECORD) {
            giveUp(state == State.QUOTED ? "a quote is never closed" : "it is longer than " + LONGEST_RECORD);
        }
    }

    private void unquoted(char character) {
        if (character == '"' && state == State.FIELD_BEGINS) {
            state = State.QUOTED;
        } else if (character == ',') {
            endField();
        } else if (character == '\n') {
            endField();
            endRecord();
        } else if (character == '\r') {
            state = State.AFTER_RETURN;
        } else {
            field.append(character);
            state = State.PLAIN;
        }
    }

    private void quoted(char character) {
        if (character == '"') {
            state = State.QUOTE_IN_QUOTED;
        } else {
            field.append(character);
        }
    }

    private void afterQuote(char character) {
        switch (character) {
            case '"' -> {
                field.append('"');
                state = State.QUOTED;
            }
            case ',' -> endField();
            case '\n' -> {
                endField();
                endRecord();
            }
            case '\r' -> state = State.AFTER_RETURN;
            default -> giveUp("there is text after a closing quote");
        }
    }

    private void afterReturn(char character) {
        if (character == '\n') {
            endField();
            endRecord();
        } else {
            giveUp("a carriage return stands alone");
        }
    }

    private void endField() {
        fields.add(field.toString());
        field.setLength(0);
        state = State.FIELD_BEGINS;
    }

    private void endRecord() {
        List<String> read = fields;
        int began = line;
        begin(line + lineEnds);
        if (read.size() > 1 || !read.get(0).isBlank()) {
            records.record(began, read);
        }
    }

    private void begin(int atLine) {
        raw.setLength(0);
        field.setLength(0);
        fields = new ArrayList<>();
        state = State.FIELD_BEGINS;
        line = atLine;
        lineEnds = 0;
    }

    /** The first line of the record at hand is given up; the lines after it, which it had swallowed, are read again. */
    private void giveUp(String why) {
        records.broken(line, why);
        int firstEnd = raw.indexOf("\n");
        String swallowed = firstEnd < 0 ? "" : raw.substring(firstEnd + 1);
        begin(firstEnd < 0 ? line : line + 1);
        skippingLine = firstEnd < 0;
        for (int index = 0; index < swallowed.length(); index++) {
            read(swallowed.charAt(index));
        }
    }
}
