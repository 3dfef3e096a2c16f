// SPDX-License-Identifier: EUPL-1.2
// What the backend signs: receipts for records, and events that tell a terminal what an authority
// did. Both are security event tokens bound to one terminal. The key stands with whoever runs the
// backend; it opens nothing. Runs on the thread of the store. Norm: RFC 8417 (SET), RFC 7515
// (ES256).
#pragma once

#include <string>
#include <vector>

#include "drivers/crypto/ec.hpp"
#include "drivers/port/clock.hpp"
#include "drivers/port/random.hpp"
#include "sync/backend/log/sequencer.hpp"
#include "sync/receipts/receipt.hpp"

namespace backend {

class ReceiptIssuer {
  public:
    struct Parts {
        const crypto::KeyPair& key;  ///< P-256
        port::Clock& clock;
        port::Random& random;
    };
    /// issuer   the backend's name in every token, for example its public address.
    ReceiptIssuer(std::string issuer, Parts parts);

    /// A receipt for logged records of one epoch of one terminal, ascending by seq.
    /// returns  compact JWS. errors: crypto_failed.
    base::Result<std::string> received(const Place& first, receipts::Lane lane,
                                       const std::vector<LoggedRecord>& records,
                                       std::uint64_t log_size) const;
    /// A security event token for somebody who is no terminal. `event` is JSON text of an object.
    struct Token {
        std::string id;  ///< jti, a UUIDv7
        std::string text;
    };
    base::Result<Token> event_for(std::string_view audience, std::string_view event_type,
                                  std::string_view event) const;
    /// An authority's event for the terminal that recorded the declaration. errors: crypto_failed.
    base::Result<std::string> applied(const base::Uuid& terminal, receipts::Applied event) const;

  private:
    [[nodiscard]] std::string new_id(std::uint64_t now_ms) const;
    base::Result<std::string> sign(const base::Uuid& audience,
                                   std::variant<receipts::Received, receipts::Applied> event) const;

    std::string issuer_;
    Parts parts_;
    std::string key_id_;
};

}  // namespace backend
