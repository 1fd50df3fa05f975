package walnut.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.security.TrustedProxies;

class HttpSettingsTest {

    @Test
    void beyond_loopback_nobody_is_listened_to_before_somebody_has_a_token() {
        for (String host : new String[] {"0.0.0.0", "::", "192.0.2.7"}) {
            HttpSettings settings = new HttpSettings(host, 8080, TrustedProxies.NONE);
            assertThatThrownBy(() -> settings.checkReachableOnlyWithToken(true))
                    .as(host)
                    .isInstanceOfSatisfying(WalnutException.class, e -> assertThat(e.code())
                            .isEqualTo(FailureCode.CONFIGURATION_INVALID))
                    .hasMessageContaining("set http.token")
                    .hasMessageContaining("walnut token create")
                    .hasMessageContaining("start once on 127.0.0.1");
            assertThatCode(() -> settings.checkReachableOnlyWithToken(false)).doesNotThrowAnyException();
        }
    }

    @Test
    void on_loopback_the_first_token_may_be_made() {
        assertThatCode(() -> new HttpSettings("::1", 0, TrustedProxies.NONE).checkReachableOnlyWithToken(true))
                .doesNotThrowAnyException();
        assertThat(HttpSettings.loopback(8080).host()).isEqualTo("127.0.0.1");
    }
}
