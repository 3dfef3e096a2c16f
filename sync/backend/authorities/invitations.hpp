// SPDX-License-Identifier: EUPL-1.2
// Matches a person to a file by the authority's invitation slip, exactly and once: the terminal
// hands in the slip's code and the birth date from the card that lies on its reader. A slip of
// another's letter does not fit the birth date, and a used one belongs to whoever used it. Runs on
// the thread of its store. Norm: architecture.md 4 (the person).
#pragma once

#include <span>
#include <string_view>

#include "drivers/crypto/ec.hpp"
#include "drivers/port/clock.hpp"
#include "drivers/port/random.hpp"
#include "sync/backend/authorities/directory.hpp"
#include "sync/backend/store/store.hpp"

namespace backend {

class InvitationDesk {
  public:
    struct Parts {
        Store& store;
        const Directory& directory;
        std::span<const crypto::KeyPair> views_keys;  ///< the present one first
        port::Clock& clock;
        port::Random& random;
    };
    explicit InvitationDesk(Parts parts) : parts_(parts) {}

    /// Ties the person to the slip's file at its authority, as if a case worker had assigned them.
    /// The same person again is fine. errors  slip_bad (not ours, over, for another birth date,
    /// used by somebody else, or the person has another file), those of the store.
    base::Result<void> accept(std::string_view code, const model::SubjectRef& subject,
                              std::string_view birth_date);

  private:
    Parts parts_;
};

}  // namespace backend
