package walnut.models.passport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import walnut.failure.WalnutException;

class CanonicalJsonTest {

    /** RFC 8785, section 3.2.2 to 3.2.4, but with the number that a double cannot hold left out. */
    @Test
    void gives_the_example_of_the_rfc() {
        String json = "{\"numbers\":[4.50, 2e-3, 0.000000000000000000000000001, 1E30],"
                + "\"string\":\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\","
                + "\"literals\":[null, true, false]}";

        assertThat(canonical(json))
                .isEqualTo("{\"literals\":[null,true,false],\"numbers\":[4.5,0.002,1e-27,1e+30],"
                        + "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
    }

    /** RFC 8785, appendix B. */
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, 0",
        "5e-324, 5e-324",
        "1.7976931348623157e308, 1.7976931348623157e+308",
        "9007199254740992, 9007199254740992",
        "295147905179352830000.0, 295147905179352830000",
        "9.999999999999997e22, 9.999999999999997e+22",
        "1e23, 1e+23",
        "1.0000000000000001e23, 1.0000000000000001e+23",
        "999999999999999700000.0, 999999999999999700000",
        "0.000001, 0.000001",
        "0.0000001, 1e-7",
        "333333333.3333332, 333333333.3333332",
        "-0.0000033333333333333333, -0.0000033333333333333333"
    })
    void prints_numbers_as_ecmascript_does(String written, String expected) {
        assertThat(CanonicalJson.number(new BigDecimal(written))).isEqualTo(expected);
    }

    @Property
    void a_double_reads_back_from_its_canonical_text(@ForAll double value) {
        if (value == Math.rint(value) && Math.abs(value) > 1L << 53) {
            return;
        }
        assertThat(Double.parseDouble(CanonicalJson.number(new BigDecimal(value))))
                .isEqualTo(value + 0.0);
    }

    @Test
    void does_not_depend_on_order_or_white_space() {
        assertThat(canonical("{\"b\" : 1.0,\n \"a\":[ {} ]}")).isEqualTo(canonical("{\"a\":[{}],\"b\":1}"));
    }

    @Test
    void refuses_integers_that_no_double_holds() {
        assertThatThrownBy(() -> canonical("[9007199254740993]"))
                .isInstanceOf(WalnutException.class)
                .hasMessageContaining("no exact double");
    }

    private static String canonical(String json) {
        String object = "{\"x\":" + json + "}";
        String text = new String(
                CanonicalJson.bytes(PassportReader.tree(object.getBytes(StandardCharsets.UTF_8))),
                StandardCharsets.UTF_8);
        return text.substring("{\"x\":".length(), text.length() - 1);
    }
}
