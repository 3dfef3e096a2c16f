// SPDX-License-Identifier: EUPL-1.2
// A citizens' portal as one more asker: one of its accounts is tied to a person by a one-time code
// from a terminal's slip, and from then on sees what that person's card would show. The subject's
// value is kept sealed to the views key and the account as a hash, so the database names neither.
// One portal never sees the accounts of another. Runs on the thread of its store.
// Norm: ISO/IEC TS 27560 (export); domain LR-48.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "drivers/crypto/ec.hpp"
#include "drivers/port/clock.hpp"
#include "drivers/port/random.hpp"
#include "sync/backend/store/store.hpp"
#include "sync/model/declaration.hpp"

namespace backend {

/// An account of a portal: both as the portal's certificate and the portal itself name them.
struct PortalAccount {
    std::string_view portal;
    std::string_view account;  ///< 1..64 characters of an id
};

class PortalLinks {
  public:
    struct Parts {
        Store& store;
        std::span<const crypto::KeyPair> views_keys;  ///< the present one first
        port::Clock& clock;
        port::Random& random;
    };
    explicit PortalLinks(Parts parts) : parts_(parts) {}

    /// A terminal has made a code for this person. The same code again changes nothing.
    /// errors  seal_failed and those of the store.
    base::Result<void> open(const model::Digest& code_hash, const model::SubjectRef& subject);
    /// Ties the account to the person behind the code, which is used up by that; the same code by
    /// the same account again is fine. An account has one person: a new code replaces the old one.
    /// returns  false: no such code, expired, or used by another account. errors: of the store.
    base::Result<bool> bind(const PortalAccount& account, const model::Digest& code_hash);
    /// The person of an account; nothing if it has none.
    /// errors  open_failed (sealed to an earlier views key) and those of the store.
    base::Result<std::optional<model::SubjectRef>> subject_of(const PortalAccount& account) const;
    /// returns  false if it had none.
    base::Result<bool> end(const PortalAccount& account);

  private:
    Parts parts_;
};

}  // namespace backend
