package walnut.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import walnut.server.security.Role;

/** A hanging protocol opens no case; whoever runs the node sees it all the same. */
class ObjectsOfNoPatientTest {
    private final RunningWalnut walnut = RunningWalnut.on(HttpSettings.loopback(0), new InMemoryHospital());

    @AfterEach
    void stop() {
        walnut.close();
    }

    @Test
    void are_on_the_operators_page() {
        assertThat(walnut.get("/admin", Role.OPERATOR).body())
                .contains("Objects of no patient", "Hanging Protocol Storage", "WORKSTATION", "2.25.7");
    }

    @Test
    void are_listed_for_operators_and_auditors_only() {
        assertThat(RunningWalnut.json(walnut.get("/api/v1/non-patient-objects", Role.AUDITOR))
                        .at("/objects/0/sopInstanceUid")
                        .asText())
                .isEqualTo("2.25.7");
        assertThat(walnut.get("/api/v1/non-patient-objects", Role.RADIOLOGIST).statusCode())
                .isEqualTo(403);
    }
}
