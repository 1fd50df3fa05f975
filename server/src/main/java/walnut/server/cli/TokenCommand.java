package walnut.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.security.Role;

/** {@code walnut token}: who may ask a node, in which role. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description =
                "Makes, lists and revokes the tokens with which people and machines ask a node. On the node's data "
                        + "directory (it may be running), or over the network with an administrator's token.",
        subcommands = {TokenCommand.Create.class, TokenCommand.ListTokens.class, TokenCommand.Revoke.class})
public final class TokenCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        CommandOutput.of(spec).println(new CommandLine(this).getUsageMessage());
    }

    /** {@code walnut token create}. */
    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = "Makes a token and shows its secret this once: the node keeps only a digest of it.")
    static final class Create implements Callable<Integer> {
        private static final Pattern LIFETIME = Pattern.compile("(\\d{1,5})([hd])");

        @Spec
        private @Nullable CommandSpec spec;

        @Mixin
        private TokenHolders holders = new TokenHolders();

        @Option(names = "--name", required = true, description = "whose it is, or what for; the ledger says this name")
        private String name = "";

        @Option(
                names = "--role",
                required = true,
                split = ",",
                paramLabel = "ROLE",
                description = "radiologist, ml-engineer, operator, auditor, service or administrator; may be repeated")
        private List<String> roles = List.of();

        @Option(
                names = "--expires",
                paramLabel = "TIME",
                description = "12h, 90d or 2027-01-31T12:00:00Z; default: never")
        private @Nullable String expires;

        @Option(names = "--json", description = "print exactly one JSON document")
        private boolean json;

        @Override
        public Integer call() {
            Set<Role> asked = roles.stream().map(Role::ofWord).collect(Collectors.toSet());
            try (TokenHolder holder = holders.open()) {
                JsonNode created = holder.create(name, asked, expires == null ? null : expiry(expires));
                if (json) {
                    CommandOutput.of(spec).println(created.toPrettyString());
                } else {
                    CommandOutput.of(spec).println(created.path("secret").asText());
                    CommandOutput.errorsOf(spec).println("Shown this once. " + line(created.path("token")));
                }
                return ExitCode.DONE;
            }
        }

        private static Instant expiry(String text) {
            Matcher lifetime = LIFETIME.matcher(text);
            if (lifetime.matches()) {
                long amount = Long.parseLong(lifetime.group(1));
                Duration duration = lifetime.group(2).equals("h") ? Duration.ofHours(amount) : Duration.ofDays(amount);
                return Clock.systemUTC().instant().plus(duration).truncatedTo(ChronoUnit.SECONDS);
            }
            try {
                return Instant.parse(text);
            } catch (DateTimeException e) {
                throw new WalnutException(
                        FailureCode.INVALID_ARGUMENT,
                        "--expires takes 12h, 90d or 2027-01-31T12:00:00Z, got " + text,
                        e);
            }
        }
    }

    /** {@code walnut token list}. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists tokens, newest first, without secrets.")
    static final class ListTokens implements Callable<Integer> {
        @Spec
        private @Nullable CommandSpec spec;

        @Mixin
        private TokenHolders holders = new TokenHolders();

        @Option(names = "--json", description = "print exactly one JSON document")
        private boolean json;

        @Override
        public Integer call() {
            try (TokenHolder holder = holders.open()) {
                ArrayNode tokens = holder.list();
                PrintWriter out = CommandOutput.of(spec);
                if (json) {
                    ObjectNode document = JsonNodeFactory.instance.objectNode();
                    document.set("tokens", tokens);
                    out.println(document.toPrettyString());
                } else {
                    tokens.forEach(token -> out.println(line(token)));
                }
                return ExitCode.DONE;
            }
        }
    }

    /** {@code walnut token revoke}. */
    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description = "Ends a token at once, and every browser that was signed in with it.")
    static final class Revoke implements Callable<Integer> {
        @Spec
        private @Nullable CommandSpec spec;

        @Mixin
        private TokenHolders holders = new TokenHolders();

        @Parameters(index = "0", paramLabel = "NAME|ID", description = "of the token")
        private String nameOrId = "";

        @Option(names = "--json", description = "print exactly one JSON document")
        private boolean json;

        @Override
        public Integer call() {
            try (TokenHolder holder = holders.open()) {
                String tokenId = "";
                for (JsonNode token : holder.list()) {
                    if (token.path("tokenId").asText().equals(nameOrId)
                            || token.path("name").asText().equals(nameOrId)) {
                        tokenId = token.path("tokenId").asText();
                    }
                }
                if (tokenId.isEmpty()) {
                    throw new WalnutException(FailureCode.NOT_FOUND, "there is no token of that name or id");
                }
                JsonNode revoked = holder.revoke(tokenId);
                CommandOutput.of(spec).println(json ? revoked.toPrettyString() : line(revoked));
                return ExitCode.DONE;
            }
        }
    }

    private static String line(JsonNode token) {
        StringBuilder roles = new StringBuilder();
        token.path("roles")
                .forEach(role -> roles.append(roles.isEmpty() ? "" : ", ").append(role.asText()));
        String end = token.path("revokedAt").isTextual()
                ? "revoked " + token.path("revokedAt").asText() + " by "
                        + token.path("revokedBy").asText()
                : token.path("expiresAt").isTextual()
                        ? "expires " + token.path("expiresAt").asText()
                        : "no expiry";
        return String.format(
                Locale.ROOT,
                "%s  %-24s %s; made %s by %s; %s",
                token.path("tokenId").asText(),
                token.path("name").asText(),
                roles,
                token.path("createdAt").asText(),
                token.path("createdBy").asText(),
                end);
    }
}
