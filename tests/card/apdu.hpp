// SPDX-License-Identifier: EUPL-1.2
// Command and answer APDUs as the virtual card sees them, and the status words it gives.
// Pure, any thread. Norm: ISO 7816-4 5.1 (structure), 5.1.3 (status words).
#pragma once

#include "tests/card/bytes.hpp"

namespace card {

using StatusWord = std::uint16_t;

namespace sw {
inline constexpr StatusWord ok = 0x9000;
inline constexpr StatusWord end_of_file = 0x6282;
inline constexpr StatusWord deactivated = 0x6283;
inline constexpr StatusWord failed = 0x6300;
inline constexpr StatusWord tries_left = 0x63C0;  ///< plus the number of tries
inline constexpr StatusWord wrong_length = 0x6700;
inline constexpr StatusWord chaining_expected = 0x6883;
inline constexpr StatusWord security_status = 0x6982;
inline constexpr StatusWord blocked = 0x6983;
inline constexpr StatusWord not_usable = 0x6984;
inline constexpr StatusWord conditions = 0x6985;
inline constexpr StatusWord no_current_file = 0x6986;
inline constexpr StatusWord sm_objects_missing = 0x6987;
inline constexpr StatusWord sm_objects_wrong = 0x6988;
inline constexpr StatusWord wrong_data = 0x6A80;
inline constexpr StatusWord file_missing = 0x6A82;
inline constexpr StatusWord wrong_parameters = 0x6A86;
inline constexpr StatusWord reference_missing = 0x6A88;
inline constexpr StatusWord beyond_end = 0x6B00;
inline constexpr StatusWord unknown_instruction = 0x6D00;
inline constexpr StatusWord unknown_class = 0x6E00;
}  // namespace sw

struct Command {
    std::uint8_t cla = 0;
    std::uint8_t ins = 0;
    std::uint8_t p1 = 0;
    std::uint8_t p2 = 0;
    Bytes data;
    std::size_t expected = 0;  ///< Le: 0 = none, else 1..65536
    bool extended = false;     ///< came in the extended form

    [[nodiscard]] std::uint16_t p1p2() const { return static_cast<std::uint16_t>(p1 << 8 | p2); }
    [[nodiscard]] bool chained() const { return (cla & 0x10U) != 0; }
    /// Interindustry 0C, or the proprietary 8C that VERIFY of auxiliary data uses (B.14.10).
    [[nodiscard]] bool secured() const { return (cla & 0x6CU) == 0x0CU; }
};

[[nodiscard]] Command make_command(std::uint8_t cla, std::uint8_t ins, std::uint16_t p1p2,
                                   Bytes data = {}, std::size_t expected = 0);

struct Answer {
    Bytes data;
    StatusWord status = sw::ok;

    Answer() = default;
    explicit(false) Answer(StatusWord word) : status(word) {}
    explicit Answer(Bytes bytes) : data(std::move(bytes)) {}
    Answer(Bytes bytes, StatusWord word) : data(std::move(bytes)), status(word) {}
};

/// Nothing if lengths do not fit any of the seven cases of ISO 7816-3 12.1.
[[nodiscard]] std::optional<Command> parse_command(View bytes);
/// Data, SW1, SW2.
[[nodiscard]] Bytes encode(const Answer& answer);

}  // namespace card
