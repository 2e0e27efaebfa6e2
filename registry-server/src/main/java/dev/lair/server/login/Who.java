package dev.lair.server.login;

import java.time.Instant;
import java.util.Optional;

/**
 * Somebody, as a provider knows them.
 *
 * @param issuer of the identity
 * @param subject that the issuer never gives to anybody else
 * @param shown how the provider calls them; for eyes only
 * @param wanted a text near to the login that they may like
 * @param authenticatedAt when they last showed the provider that it is them, if it says so
 */
record Who(String issuer, String subject, String shown, String wanted, Optional<Instant> authenticatedAt) {}
