package walnut.server.security;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/** What somebody is here for; a token has one or more. */
public enum Role {
    RADIOLOGIST("reads cases and what a model said of them, where it may speak"),
    ML_ENGINEER("reads everything a model said, silent ones too; replays, labels, figures, states of models"),
    OPERATOR("runs the node: studies in and out, destinations, states of models"),
    AUDITOR("reads the ledger, the figures and what left; replays; changes nothing"),
    SERVICE("a machine: hands in labels, scrapes meters"),
    ADMINISTRATOR("makes and revokes tokens, and whatever an operator may");

    private final String meaning;

    Role(String meaning) {
        this.meaning = meaning;
    }

    public String meaning() {
        return meaning;
    }

    /** {@code ml-engineer}: as people, JSON and the command line write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The role and those that it brings along. */
    Set<Role> withImplied() {
        return this == ADMINISTRATOR ? EnumSet.of(ADMINISTRATOR, OPERATOR) : EnumSet.of(this);
    }

    /** @throws WalnutException INVALID_ARGUMENT for a word that is no role */
    public static Role ofWord(String word) {
        return Arrays.stream(values())
                .filter(role -> role.word().equals(word.strip()))
                .findFirst()
                .orElseThrow(() -> new WalnutException(
                        FailureCode.INVALID_ARGUMENT, "a role is one of " + words(EnumSet.allOf(Role.class))));
    }

    /** In the order of this list, with commas. */
    public static String words(Set<Role> roles) {
        return Arrays.stream(values()).filter(roles::contains).map(Role::word).collect(Collectors.joining(", "));
    }
}
