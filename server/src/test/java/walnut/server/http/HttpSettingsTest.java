package walnut.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

class HttpSettingsTest {

    @Test
    void a_bind_beyond_loopback_needs_a_token_and_says_so() {
        for (String host : new String[] {"0.0.0.0", "::", "192.0.2.7"}) {
            assertThatThrownBy(() -> new HttpSettings(host, 8080, null))
                    .as(host)
                    .isInstanceOfSatisfying(WalnutException.class, e -> assertThat(e.code())
                            .isEqualTo(FailureCode.CONFIGURATION_INVALID))
                    .hasMessageContaining("configure an HTTP token")
                    .hasMessageContaining("bind to 127.0.0.1");
        }
        assertThat(new HttpSettings("0.0.0.0", 8080, "0123456789abcdef").host()).isEqualTo("0.0.0.0");
    }

    @Test
    void loopback_needs_none() {
        assertThat(new HttpSettings("::1", 0, null).token()).isNull();
        assertThat(HttpSettings.loopback(8080).host()).isEqualTo("127.0.0.1");
    }

    @Test
    void a_token_that_can_be_guessed_is_refused_without_being_repeated() {
        assertThatThrownBy(() -> new HttpSettings("127.0.0.1", 8080, "secret"))
                .hasMessageContaining("at least 16 characters")
                .message()
                .doesNotContain("secret");
    }
}
