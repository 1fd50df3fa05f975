package walnut.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AccessRulesTest {
    private static final Path TABLE = Path.of("../docs/access.md");

    @Test
    void a_line_is_found_by_method_and_declared_path_and_by_nothing_else() {
        assertThat(AccessRules.of("GET", "/api/v1/cases")).isPresent();
        assertThat(AccessRules.of("POST", "/api/v1/cases")).isEmpty();
        assertThat(AccessRules.of("GET", "/api/v1/cases/")).isEmpty();
        assertThat(AccessRules.of("HEAD", "/api/v1/cases")).isEmpty();
    }

    @Test
    void only_what_shows_no_patient_is_open_to_everybody() {
        assertThat(AccessRules.all().stream()
                        .filter(AccessRule::isOpenToEverybody)
                        .map(AccessRule::path))
                .allMatch(path -> path.startsWith("/sign-") || path.startsWith("/web/") || path.startsWith("/health/"));
    }

    @Test
    void whatever_reads_or_changes_something_of_a_patient_is_noted() {
        assertThat(AccessRules.all().stream()
                        .filter(rule -> rule.path().matches(".*/(cases|predictions|labels)(/.*)?"))
                        .filter(rule -> rule.noted() == null))
                .isEmpty();
    }

    @Test
    void the_table_in_docs_is_the_law() throws IOException {
        if (Boolean.getBoolean("walnut.write-tables")) {
            Files.writeString(TABLE, page());
        }
        assertThat(TABLE).content().isEqualTo(page());
    }

    private static String page() {
        String roles = Stream.of(Role.values())
                .map(role -> "| " + role.word() + " | " + role.meaning() + " |")
                .collect(Collectors.joining("\n"));
        String header = Stream.of(Role.values()).map(Role::word).collect(Collectors.joining(" | "));
        String lines = AccessRules.all().stream().map(AccessRulesTest::line).collect(Collectors.joining("\n"));
        return """
                # Who may ask what

                Written by `AccessRulesTest` from `walnut.server.security.AccessRules`, which is the law: an address that is not in
                this table is refused to everybody, and a test fails for a route without its line
                (`-Dwalnut.write-tables=true` writes the table anew).

                | role | what it is for |
                |---|---|
                %s

                An administrator may whatever an operator may. A token may have several roles.

                **Silent results.** What a model said while it was silent (prediction kind SILENT), in shadow, or asked again is for
                ml-engineer alone. To every other role its score, decision, candidates, heatmap, document and id do not exist, at
                any address below. The case is there with its images, its state, that a model ran in silence, and why a study was
                refused or failed: that speaks of the study. Live figures of a model are shown to ml-engineer and auditor; on the
                model's page to everybody once it is in ASSIST.

                **Sessions.** A browser's session ends after eight hours, an hour after somebody was last at it, with its token, and
                when it is signed out; the stream of events ends within seconds of it. What a page asks for by itself keeps no
                session open. Behind a proxy, `http.trustedProxies` says whose `X-Forwarded-For` is believed when failed sign-ins
                are counted by address; without it all of a proxy's users share one address.

                **Ledger.** The last column is what the ledger says, with the token's name and the role that opened the address. A
                look (in brackets) is noted once in five minutes for the same person and subject: a page and its pictures are one
                look. Changes are noted each time. Tokens made and revoked, states of models changed, sign-ins, and what was
                refused (sign-in, token, role) are noted as well.

                ● who has the role; ○ everybody, signed in or not.

                | address | %s | ledger |
                |---|%s---|
                %s
                """.formatted(roles, header, ":-:|".repeat(Role.values().length), lines);
    }

    private static String line(AccessRule rule) {
        Set<Role> open = rule.isOpenToEverybody() ? EnumSet.allOf(Role.class) : rule.roles();
        String marks = Stream.of(Role.values())
                .map(role -> rule.isOpenToEverybody()
                        ? "○"
                        : role.withImplied().stream().anyMatch(open::contains) ? "●" : "")
                .collect(Collectors.joining(" | "));
        AccessRule.Noted noted = rule.noted();
        String ledger = noted == null ? "" : noted.look() ? "(" + noted.action() + ")" : noted.action();
        return String.format(Locale.ROOT, "| `%s %s` | %s | %s |", rule.method(), rule.path(), marks, ledger);
    }
}
