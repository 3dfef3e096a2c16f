// SPDX-License-Identifier: EUPL-1.2
// PACE as a terminal, and the secure channel it leaves. On OpenSSL, through the arithmetic of the
// virtual card; nothing of drivers/. One thread. Norms: BSI TR-03110-2 3.2, TR-03110-3 B.1 and F.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>

#include "tests/card/apdu.hpp"
#include "tests/card/passwords.hpp"
#include "tests/card/suite.hpp"
#include "tests/card/symmetric.hpp"

namespace reader {

/// The keys of one channel and its counter.
class SecureChannel {
  public:
    explicit SecureChannel(card::SessionKeys keys) : keys_(std::move(keys)) {}
    /// `command` under these keys; longer than short if it must be.
    [[nodiscard]] card::Bytes protect(const card::Command& command);
    /// Nothing if MAC, structure or status are wrong.
    [[nodiscard]] std::optional<card::Answer> open(card::View response);

  private:
    void step();
    card::SessionKeys keys_;
    std::array<std::uint8_t, 16> counter_{};
};

/// Short where it fits, else extended.
[[nodiscard]] card::Bytes encode_command(const card::Command& command);
/// Data and status word; nothing if it is shorter than a status word.
[[nodiscard]] std::optional<card::Answer> parse_answer(card::View response);

struct PaceInput {
    card::PasswordId password = card::PasswordId::pin;
    std::string secret;
    card::Bytes chat;  ///< 7F4C or empty
};

/// Result code of TR-03119 D.1 (pad_reader.hpp draws it), and what goes into the answer.
struct PaceOutput {
    std::uint32_t result = 0;
    card::StatusWord select_status = 0;
    card::Bytes card_access;
    card::Bytes authority, previous_authority;
    card::Bytes chip_id;
    std::optional<card::SessionKeys> keys;
};

/// Sends one command; nothing if the card is gone.
using Send = std::function<std::optional<card::Answer>(const card::Command&)>;

[[nodiscard]] PaceOutput run_pace(const Send& send, const PaceInput& input);

}  // namespace reader
