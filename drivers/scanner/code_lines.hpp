// SPDX-License-Identifier: EUPL-1.2
// Makes codes of the bytes of a line: one code = visible ASCII letters, ended by CR or LF. What is
// too long, or has any other byte in it, is dropped up to its end; a pause drops what was begun.
// Holds half a secret at times, and wipes it. Pure, any thread.
#pragma once

#include <cstdint>
#include <optional>

#include "drivers/port/slip_reader.hpp"

namespace scanner {

class CodeLines {
  public:
    /// Takes one byte. now_ms: when it was read, on a clock that never goes back.
    /// returns the code that this byte has ended; nothing for an empty line.
    [[nodiscard]] std::optional<port::ScannedCode> feed(std::uint8_t byte, std::uint64_t now_ms);
    /// A code has begun and not ended, as far as was read.
    [[nodiscard]] bool begun() const { return !code_.empty() || dropping_; }
    /// What comes is no code, and its end is waited for.
    [[nodiscard]] bool dropping() const { return dropping_; }
    /// Forgets what has begun: the line was silent for too long, or is another one.
    void reset();
    /// The line may stand in the middle of a code: what comes is dropped up to its end or a pause.
    void skip(std::uint64_t now_ms);

  private:
    port::ScannedCode code_;
    bool dropping_ = false;
    std::uint64_t last_ms_ = 0;
};

}  // namespace scanner
