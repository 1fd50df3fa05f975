package walnut.server.security;

/** What decides who is let in, for whoever answers requests. */
public record Access(Tokens tokens, Sessions sessions, SignInLinks links, SignInThrottle throttle) {}
