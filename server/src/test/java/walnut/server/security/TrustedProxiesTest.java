package walnut.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

class TrustedProxiesTest {
    private final TrustedProxies proxies = TrustedProxies.of(List.of("10.0.0.7", "10.42.0.0/15", "fd00::/8"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            192.0.2.9     | 198.51.100.1                      | 192.0.2.9    | who is no proxy speaks for himself
            10.0.0.7      | 198.51.100.1                      | 198.51.100.1 | a proxy says for whom it asks
            10.0.0.8      | 198.51.100.1                      | 10.0.0.8     | its neighbour is no proxy
            10.43.255.255 | 198.51.100.1                      | 198.51.100.1 | the last address of a network
            10.44.0.0     | 198.51.100.1                      | 10.44.0.0    | the first after it
            10.0.0.7      | 203.0.113.5, 198.51.100.1         | 198.51.100.1 | what the client wrote itself is not believed
            10.0.0.7      | 198.51.100.1, 10.42.3.4           | 198.51.100.1 | two proxies in a row
            10.0.0.7      | 203.0.113.5, 198.51.100.1, fd00::9 | 198.51.100.1 | of either family
            10.0.0.7      | 198.51.100.1:51324                | 198.51.100.1 | a port is no part of an address
            10.0.0.7      | [2001:db8::1]:51324               | 2001:db8::1  | nor are brackets
            10.0.0.7      | unknown                           | 10.0.0.7     | no address
            10.0.0.7      | 198.51.100.1, not-an-address      | 10.0.0.7     | nothing before a word that is none is believed
            10.0.0.7      | ''                                | 10.0.0.7     | an empty header
            10.0.0.7      | 10.42.0.1                         | 10.42.0.1    | the request of a proxy itself
            """)
    void the_client_is_the_last_address_that_a_chain_of_trusted_proxies_vouches_for(
            String peer, String header, String client, String why) {
        assertThat(proxies.client(peer, List.of(header))).as(why).isEqualTo(client);
    }

    @Test
    void a_header_that_comes_twice_is_one_list() {
        assertThat(proxies.client("10.0.0.7", List.of("198.51.100.1", "10.42.0.1")))
                .isEqualTo("198.51.100.1");
    }

    @Test
    void nobody_is_believed_by_default() {
        assertThat(TrustedProxies.NONE.client("127.0.0.1", List.of("198.51.100.1")))
                .isEqualTo("127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "proxy.example",
                "10.0.0.0/33",
                "fd00::/129",
                "10.0.0.0/-1",
                "10.0.0/8",
                "10.0.0.0/x",
                "300.1.1.1"
            })
    void what_is_no_network_is_named(String text) {
        assertThatThrownBy(() -> TrustedProxies.of(List.of("10.0.0.7", text)))
                .isInstanceOfSatisfying(WalnutException.class, refused -> assertThat(refused.code())
                        .isEqualTo(FailureCode.INVALID_ARGUMENT))
                .hasMessageContaining(text);
    }
}
