// SPDX-License-Identifier: EUPL-1.2
// DER-TLV of the virtual card: strict reading, simple writing. Apart from everything else because
// every other file stands on it. Pure, any thread. Norm: ISO 7816-4 5.2.2, ITU-T X.690 (DER
// lengths).
#pragma once

#include "tests/card/bytes.hpp"

namespace card {

/// One data object inside bytes that somebody else owns.
struct Tlv {
    std::uint32_t tag = 0;  ///< one or two bytes, as written: 0x87, 0x7F49
    View value;
    View whole;  ///< tag, length and value
};

/// Splits `bytes` into consecutive data objects. Nothing if a tag has more than two bytes, a length
/// is not in its shortest form or runs past the end, or there are more than 64 objects.
[[nodiscard]] std::optional<std::vector<Tlv>> parse_tlv(View bytes);
/// As parse_tlv, but exactly one object with this tag must fill `bytes`.
[[nodiscard]] std::optional<Tlv> parse_single(View bytes, std::uint32_t tag);

/// First object with this tag, or nullptr.
[[nodiscard]] const Tlv* find(const std::vector<Tlv>& objects, std::uint32_t tag);
/// How often the tag occurs.
[[nodiscard]] std::size_t count(const std::vector<Tlv>& objects, std::uint32_t tag);

/// Writes one object.
[[nodiscard]] Bytes tlv(std::uint32_t tag, View value);
[[nodiscard]] Bytes tlv(std::uint32_t tag, std::initializer_list<View> parts);
[[nodiscard]] Bytes tlv_text(std::uint32_t tag, std::string_view text);

/// DER INTEGER of a non-negative number, given big-endian or as a small value.
[[nodiscard]] Bytes der_integer(View big_endian);
[[nodiscard]] Bytes der_integer(std::uint32_t value);

}  // namespace card
