package walnut.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import walnut.failure.WalnutException;

class CsvTest {

    @Test
    void reads_quotes_commas_and_line_breaks_inside_a_field() {
        assertThat(Csv.records("a,b\r\n\"x, \"\"y\"\"\",\"two\nlines\"\r\n"))
                .containsExactly(List.of("a", "b"), List.of("x, \"y\"", "two\nlines"));
    }

    @Test
    void skips_a_byte_order_mark_and_blank_lines() {
        assertThat(Csv.records("\uFEFFa,b\n\n1,\n  \n,2"))
                .containsExactly(List.of("a", "b"), List.of("1", ""), List.of("", "2"));
    }

    @Test
    void refuses_a_quote_that_never_closes() {
        assertThatThrownBy(() -> Csv.records("a\n\"b"))
                .isInstanceOf(WalnutException.class)
                .hasMessageContaining("never closed, at character 2");
    }

    @Test
    void refuses_text_after_a_closing_quote() {
        assertThatThrownBy(() -> Csv.records("\"a\"b")).isInstanceOf(WalnutException.class);
    }

    @Property(tries = 200)
    void what_is_written_quoted_is_read_again(
            @ForAll @NotEmpty @Size(max = 5) List<@Size(min = 2, max = 4) List<String>> records) {
        String written = records.stream()
                .map(record -> record.stream()
                        .map(field -> '"' + field.replace("\"", "\"\"") + '"')
                        .collect(Collectors.joining(",")))
                .collect(Collectors.joining("\r\n"));

        assertThat(Csv.records(written)).isEqualTo(records);
    }
}
