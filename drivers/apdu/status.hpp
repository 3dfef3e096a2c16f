// SPDX-License-Identifier: EUPL-1.2
// Status words that the protocol gives a meaning to. A status word is data: the caller decides what
// it means there. Norms: ISO/IEC 7816-4 5.1.3, BSI TR-03110-3 appendix B.
#pragma once

#include <cstdint>

namespace apdu::sw {

inline constexpr std::uint16_t ok = 0x9000;
inline constexpr std::uint16_t end_of_file = 0x6282;  ///< data is complete, but shorter than asked
inline constexpr std::uint16_t deactivated = 0x6283;  ///< PIN deactivated, or file with it
inline constexpr std::uint16_t verification_failed = 0x6300;
inline constexpr std::uint16_t wrong_length = 0x6700;
inline constexpr std::uint16_t security_status = 0x6982;  ///< right or state missing
inline constexpr std::uint16_t method_blocked = 0x6983;   ///< PIN blocked, right one refused
inline constexpr std::uint16_t data_invalid = 0x6984;     ///< certificate, key or new PIN refused
inline constexpr std::uint16_t conditions = 0x6985;       ///< PIN suspended, right one refused
inline constexpr std::uint16_t sm_missing = 0x6987;
inline constexpr std::uint16_t sm_wrong = 0x6988;
inline constexpr std::uint16_t file_not_found = 0x6A82;
inline constexpr std::uint16_t reference_not_found = 0x6A88;
inline constexpr std::uint16_t offset_beyond_end = 0x6B00;

/// 63C0..63CF: the last hex digit says how many tries are left.
[[nodiscard]] constexpr bool is_counter(std::uint16_t status) {
    return (status & 0xFFF0U) == 0x63C0;
}
[[nodiscard]] constexpr unsigned counter(std::uint16_t status) {
    return status & 0x000FU;
}

}  // namespace apdu::sw
