package walnut.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CsvTest {

    @Test
    void reads_quotes_commas_and_line_breaks_inside_a_field() {
        assertThat(read("a,b\r\n\"x, \"\"y\"\"\",\"two\nlines\"\r\n").records)
                .containsExactly(List.of("a", "b"), List.of("x, \"y\"", "two\nlines"));
    }

    @Test
    void skips_a_byte_order_mark_and_blank_lines() {
        assertThat(read("\uFEFFa,b\n\n1,\n  \n,2").records)
                .containsExactly(List.of("a", "b"), List.of("1", ""), List.of("", "2"));
    }

    @Test
    void a_quote_that_never_closes_costs_its_own_line_alone() {
        Found found = read("a\n\"b\nc\nd,e\n");

        assertThat(found.broken).containsExactly("2: a quote is never closed");
        assertThat(found.records).containsExactly(List.of("a"), List.of("c"), List.of("d", "e"));
        assertThat(found.lines).containsExactly(1, 3, 4);
    }

    @Test
    void text_after_a_closing_quote_costs_its_own_line_alone() {
        Found found = read("\"a\"b,\"c\n\"\nd\n");

        assertThat(found.broken)
                .containsExactly("1: there is text after a closing quote", "2: a quote is never closed");
        assertThat(found.records).containsExactly(List.of("d"));
    }

    @Test
    void lines_are_counted_as_an_editor_counts_them() {
        Found found = read("a\r\n\"two\r\nlines\"\r\n\r\nb\rc\r\nd");

        assertThat(found.lines).containsExactly(1, 2, 6);
        assertThat(found.broken).containsExactly("5: a carriage return stands alone");
    }

    @Test
    void a_line_without_end_is_given_up_and_held_in_no_memory() {
        Found found = new Found();
        Csv csv = new Csv(found);
        String piece = "x".repeat(10_000);
        for (int times = 0; times < 1000; times++) {
            csv.read(piece);
        }
        csv.read("\nb\n");
        csv.end();

        assertThat(found.broken).containsExactly("1: it is longer than " + Csv.LONGEST_RECORD);
        assertThat(found.records).containsExactly(List.of("b"));
        assertThat(found.lines).containsExactly(2);
    }

    @Property(tries = 200)
    void what_is_written_quoted_is_read_again(
            @ForAll @NotEmpty @Size(max = 5) List<@Size(min = 2, max = 4) List<String>> records) {
        assertThat(read(quoted(records)).records).isEqualTo(records);
    }

    @Property(tries = 200)
    void it_does_not_matter_in_which_pieces_it_arrives(
            @ForAll List<Character> characters, @ForAll @IntRange(min = 1, max = 7) int pieceLength) {
        String text = characters.stream()
                .map(character -> String.valueOf("ab,\"\n\r ".charAt(character % 7)))
                .collect(Collectors.joining());
        Found whole = read(text);
        Found pieces = new Found();
        Csv csv = new Csv(pieces);
        for (int start = 0; start < text.length(); start += pieceLength) {
            csv.read(text.substring(start, Math.min(text.length(), start + pieceLength)));
        }
        csv.end();

        assertThat(pieces.records).isEqualTo(whole.records);
        assertThat(pieces.lines).isEqualTo(whole.lines);
        assertThat(pieces.broken).isEqualTo(whole.broken);
    }

    private static String quoted(List<List<String>> records) {
        return records.stream()
                .map(record -> record.stream()
                        .map(field -> '"' + field.replace("\"", "\"\"") + '"')
                        .collect(Collectors.joining(",")))
                .collect(Collectors.joining("\r\n"));
    }

    private static Found read(String text) {
        Found found = new Found();
        Csv csv = new Csv(found);
        csv.read(text);
        csv.end();
        return found;
    }

    private static final class Found implements Csv.Records {
        private final List<List<String>> records = new ArrayList<>();
        private final List<Integer> lines = new ArrayList<>();
        private final List<String> broken = new ArrayList<>();

        @Override
        public void record(int line, List<String> fields) {
            records.add(fields);
            lines.add(line);
        }

        @Override
        public void broken(int line, String why) {
            broken.add(line + ": " + why);
        }
    }
}
