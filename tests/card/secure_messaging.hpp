// SPDX-License-Identifier: EUPL-1.2
// Secure messaging, card side: checks and opens what the terminal sends, closes what the card
// answers. One object is one channel; it dies with the first error. One thread.
// Norm: BSI TR-03110-3 F (secure messaging), ISO 7816-4 10.
#pragma once

#include <array>
#include <variant>

#include "tests/card/apdu.hpp"
#include "tests/card/symmetric.hpp"

namespace card {

class SecureMessaging {
  public:
    explicit SecureMessaging(SessionKeys keys) : keys_(std::move(keys)) {}

    /// The plain command inside, or the status word to answer in plain (6987 objects missing or
    /// unknown, 6988 wrong MAC or padding). After a status word the channel must be thrown away.
    [[nodiscard]] std::variant<Command, StatusWord> open(const Command& secured);
    /// Closes the answer to the command that was opened last.
    [[nodiscard]] Bytes close(const Answer& answer);

  private:
    void step();
    [[nodiscard]] Bytes counter_iv() const;

    SessionKeys keys_;
    std::array<std::uint8_t, 16> counter_{};  ///< send sequence counter, big-endian
    bool odd_instruction_ = false;
    std::size_t answer_bytes_max_ = 256;
};

}  // namespace card
