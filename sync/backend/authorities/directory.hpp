// SPDX-License-Identifier: EUPL-1.2
// The authorities this backend serves: their names, and the secret under which each one's handles
// for people are made. The handle of a person is HMAC(authority secret, subject), so two
// authorities cannot compare their lists. Also the words for entries on the page. Filled once at
// start, then read from any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/base/result.hpp"
#include "drivers/base/secret.hpp"
#include "drivers/crypto/ec.hpp"
#include "sync/http/client.hpp"
#include "sync/model/declaration.hpp"

namespace backend {

using AuthoritySecret = base::Secret<struct AuthoritySecretTag, 64>;

/// Where an authority wants to be told of what it must stop. Only this host is ever connected to.
struct Webhook {
    http::Origin origin;
    std::string path;  ///< "/..." of unreserved characters
};
/// Reads "https://host[:port]/path"; no user, query or fragment. Nothing if malformed.
[[nodiscard]] std::optional<Webhook> parse_webhook(std::string_view url);
/// True for a name or address of this machine itself.
[[nodiscard]] bool is_loopback(std::string_view host);

struct Authority {
    std::string name;
    AuthoritySecret secret;
    std::optional<Webhook> webhook;
    std::optional<crypto::Point> slip_key;  ///< signs its invitation slips
};

class Directory {
  public:
    /// Adds authorities from JSON {"<id>":{"name":text,"secret":b64url of 32..64 bytes,
    /// "webhook":{"url":text,"loopback":bool},"slip_key":JWK}}. The last two may be absent; an
    /// address of this machine is refused unless "loopback" is true, which is for tests. errors
    /// config_bad.
    base::Result<void> add_authorities(std::string_view json);
    /// Adds titles from JSON {"entries":{"<id>":text},"authorities":{"<id>":text}}; both may be
    /// absent. errors: config_bad.
    base::Result<void> add_names(std::string_view json);

    /// Nothing if this backend does not serve it.
    [[nodiscard]] const Authority* find(std::string_view id) const;
    /// The name for people, or the id if there is none.
    [[nodiscard]] std::string name_of(std::string_view id) const;
    [[nodiscard]] std::string title_of(std::string_view entry) const;
    [[nodiscard]] const std::map<std::string, Authority, std::less<>>& all() const {
        return authorities_;
    }
    [[nodiscard]] const std::map<std::string, std::string, std::less<>>& entries() const {
        return entries_;
    }

  private:
    std::map<std::string, Authority, std::less<>> authorities_;
    std::map<std::string, std::string, std::less<>> names_;
    std::map<std::string, std::string, std::less<>> entries_;
};

/// The authority's handle of a person: the same for every declaration under one subject.
[[nodiscard]] model::Digest handle_of(const Authority& authority, const model::SubjectRef& subject);
/// Equal for equal name and birth date, so that two cards of one name are noticed without storing
/// the name.
[[nodiscard]] model::Digest match_key_of(const Authority& authority, const model::Person& person);

}  // namespace backend
