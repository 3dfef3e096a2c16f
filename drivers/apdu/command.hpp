// SPDX-License-Identifier: EUPL-1.2
// Command and answer APDUs: short form, extended form, chaining. Only coding, nothing is sent from
// here. Pure, any thread. Norm: ISO/IEC 7816-4 5.1 (cases 1 to 4, short and extended), 5.3.3
// (chaining).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"

namespace apdu {

enum class Length : std::uint8_t { short_form, extended };

inline constexpr std::size_t short_data_bytes_max = 255;
inline constexpr std::size_t short_le_max = 256;
inline constexpr std::size_t extended_data_bytes_max = 65'535;
inline constexpr std::size_t extended_le_max = 65'536;
/// CLA bit 5: this command is not the last of its chain.
inline constexpr std::uint8_t chaining_bit = 0x10;

struct Command {
    std::uint8_t cla = 0x00;
    std::uint8_t ins = 0x00;
    std::uint8_t p1 = 0x00;
    std::uint8_t p2 = 0x00;
    base::Bytes data;
    std::optional<std::size_t>
        le;  ///< expected bytes, 1..65,536; nothing = no answer data expected
};

struct Answer {
    base::Bytes data;
    std::uint16_t sw = 0;
    [[nodiscard]] bool ok() const { return sw == 0x9000; }
};

/// The bytes on the wire. Data and le must fit the form (CHECKed): 255 and 256, or 65,535 and
/// 65,536.
[[nodiscard]] base::Bytes encode(const Command& command, Length length);
/// True if data and le fit the short form.
[[nodiscard]] bool fits_short(const Command& command);
/// The same command cut into pieces of at most `piece_bytes` data (1..255), all but the last with
/// the chaining bit and without le.
[[nodiscard]] std::vector<Command> chain(const Command& command, std::size_t piece_bytes);

/// Splits an answer into data and status word. errors: card_answer_bad (shorter than 2 or longer
/// than the limit).
base::Result<Answer> parse_answer(base::ByteView bytes);
/// Reads a command as a card would; for tests, fakes and the fuzzers. errors: card_answer_bad.
base::Result<Command> parse_command(base::ByteView bytes);

}  // namespace apdu
