// SPDX-License-Identifier: EUPL-1.2
// The address of a token: an RFC 7512 URI read once, checked, and then compared with what the
// modules show. A URI that carries the PIN itself is refused, because configuration is no place for
// it. One thread. Norm: RFC 7512 2.3 (attributes), 2.4 (module, PIN); PKCS#11 v2.40 3.2.
#pragma once

#include <p11-kit/pkcs11.h>
#include <p11-kit/uri.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/base/bytes.hpp"
#include "drivers/base/handle.hpp"
#include "drivers/base/result.hpp"
#include "drivers/base/secret.hpp"
#include "drivers/keys/key_place.hpp"

namespace keys {

/// The PIN of a token's user. Longer ones are refused; tokens allow 4 to 32 as a rule.
using TokenPin = base::Secret<struct TokenPinTag, 64>;

class TokenUri {
  public:
    /// errors  config_bad; where says which part: not a URI or an attribute that nobody knows, a
    ///         pin-value, a pin-source that is no absolute path (file:/..., /...), a type other
    ///         than private, two module paths that differ, a module path that is not absolute.
    static base::Result<TokenUri> parse(const TokenPlace& place);

    /// True if every attribute that the URI names fits.
    [[nodiscard]] bool matches(CK_INFO& module) const;
    [[nodiscard]] bool matches(CK_SLOT_ID slot, CK_SLOT_INFO& info) const;
    [[nodiscard]] bool matches(CK_TOKEN_INFO& token) const;

    /// `object`: the one key that the URI lets through; empty = every key of the token.
    [[nodiscard]] std::string_view object() const;
    /// `id`: the same by CKA_ID; empty = any.
    [[nodiscard]] base::ByteView id() const;
    /// Absolute path of the module; empty = those of p11-kit's configuration.
    [[nodiscard]] const std::string& module_path() const { return module_path_; }
    /// Name of a configured module; empty = any.
    [[nodiscard]] const std::string& module_name() const { return module_name_; }

    /// Reads the PIN, anew at each call so that it does not stay in memory between logins. One line
    /// end at its end does not count.
    /// errors  config_bad (no pin-source, empty, too long), file_io, key_bad (others may read it).
    [[nodiscard]] base::Result<TokenPin> read_pin() const;

  private:
    using Uri = std::unique_ptr<P11KitUri, base::Deleter<p11_kit_uri_free>>;
    explicit TokenUri(Uri uri) : uri_(std::move(uri)) {}
    base::Result<void> take_queries(const TokenPlace& place);

    Uri uri_;
    std::filesystem::path pin_source_;
    std::string module_path_;
    std::string module_name_;
};

}  // namespace keys
