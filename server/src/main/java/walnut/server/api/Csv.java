package walnut.server.api;

import java.util.ArrayList;
import java.util.List;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * Reads comma-separated values: RFC 4180, with LF as well as CRLF, and a byte order mark skipped. Blank lines are no
 * records.
 */
final class Csv {
    private final String text;
    private int position;

    private Csv(String text) {
        this.text = text;
        this.position = text.startsWith("\uFEFF") ? 1 : 0;
    }

    static List<List<String>> records(String text) {
        Csv csv = new Csv(text);
        List<List<String>> records = new ArrayList<>();
        while (csv.position < text.length()) {
            List<String> fields = csv.fields();
            if (fields.size() > 1 || !fields.get(0).isBlank()) {
                records.add(fields);
            }
        }
        return records;
    }

    private List<String> fields() {
        List<String> fields = new ArrayList<>();
        do {
            fields.add(at('"') ? quoted() : plain());
        } while (skip(','));
        skip('\r');
        if (!skip('\n') && position < text.length()) {
            throw new WalnutException(
                    FailureCode.LABEL_INVALID, "the CSV has text after a closing quote, before character " + position);
        }
        return fields;
    }

    private String plain() {
        int start = position;
        while (position < text.length() && !at(',') && !at('\r') && !at('\n')) {
            position++;
        }
        return text.substring(start, position);
    }

    private String quoted() {
        int opening = position++;
        StringBuilder field = new StringBuilder();
        while (position < text.length()) {
            char character = text.charAt(position++);
            if (character != '"') {
                field.append(character);
            } else if (!skip('"')) {
                return field.toString();
            } else {
                field.append('"');
            }
        }
        throw new WalnutException(
                FailureCode.LABEL_INVALID, "the CSV has a quote that is never closed, at character " + opening);
    }

    private boolean at(char character) {
        return position < text.length() && text.charAt(position) == character;
    }

    private boolean skip(char character) {
        boolean there = at(character);
        if (there) {
            position++;
        }
        return there;
    }
}
