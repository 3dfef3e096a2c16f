// SPDX-License-Identifier: EUPL-1.2
// Signs the log's head as a checkpoint: with one key, or during an exchange of keys with the old
// and the new one, so that terminals follow whichever they know. Keys of its own, apart from the
// receipt key: who signs receipts on many instances need not be able to speak for the log. Runs on
// the thread of the store.
#pragma once

#include <span>
#include <string>

#include "drivers/crypto/ec.hpp"
#include "drivers/port/random.hpp"
#include "sync/backend/log/sequencer.hpp"

namespace backend {

class LogSigner {
  public:
    /// keys  P-256, at least one; outlive the signer. origin: the log's name.
    LogSigner(std::string origin, std::span<const crypto::KeyPair> keys, port::Random& random)
        : origin_(std::move(origin)), keys_(keys), random_(random) {}

    /// errors  crypto_failed, config_bad (origin).
    [[nodiscard]] base::Result<std::string> sign(const LogHead& head) const;

  private:
    std::string origin_;
    std::span<const crypto::KeyPair> keys_;
    port::Random& random_;
};

}  // namespace backend
