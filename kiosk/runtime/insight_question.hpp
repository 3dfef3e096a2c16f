// SPDX-License-Identifier: EUPL-1.2
// One question for insight, from the person's pseudonym to verified rows: signed, sealed, carried
// by somebody who can read neither way, opened with a key that dies with the call, and believed
// only if the backend's receipt key signed it for this terminal, nonce and page. Apart from the
// thread (insight_worker.hpp) so that it is tested without one. Norm: sync.md "Insight", domain
// LR-43.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "drivers/port/clock.hpp"
#include "drivers/port/key_store.hpp"
#include "drivers/port/random.hpp"
#include "kiosk/core/effect.hpp"
#include "sync/seal/jwk.hpp"

namespace runtime {

/// Who we are and whom we believe.
struct InsightTrust {
    base::Uuid terminal;
    seal::PublicJwk views_key;
    std::vector<crypto::Point> receipt_keys;  ///< any of them
};

class InsightQuestion {
  public:
    using Carry = std::function<base::Result<std::string>(std::string jwe)>;
    /// keys has the journal key; all but trust outlive the object.
    struct Parts {
        InsightTrust trust;
        port::KeyStore& keys;
        port::Random& random;
        port::Clock& clock;
    };
    explicit InsightQuestion(Parts parts) : parts_(std::move(parts)) {}

    /// Asks for at most limits::insight_pages_max pages. If a later one fails, what came before it
    /// counts and says where to go on. observed: the largest log size that was verified here.
    /// errors  of the first page: those of carry, open_failed, message_bad, receipt_bad (also from
    ///         a backend that knows less than it has proved to us), key_bad, seal_failed.
    base::Result<core::Known> ask(const core::RequestInsight& request, std::uint64_t observed,
                                  const Carry& carry);

  private:
    struct Sheet;
    base::Result<core::Known> page(const Sheet& sheet, const Carry& carry);

    Parts parts_;
};

}  // namespace runtime
