/**
 * Logins through identity providers: OpenID Connect and GitHub (trusted publishing, section 8). Begin at
 * {@link dev.lair.server.login.ProviderLogins}. Who somebody is, is what a provider's identity says that never changes; an e-mail
 * address is looked at nowhere.
 */
@NullMarked
package dev.lair.server.login;

import org.jspecify.annotations.NullMarked;
