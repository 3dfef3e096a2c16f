// SPDX-License-Identifier: EUPL-1.2
// What a reader's driver says about its reader: the list of features with their control codes, and
// the list of properties. Checked as outside bytes. Pure, any thread. Norm: PC/SC part 10 2.2
// (features), 2.6.14 (TLV properties).
#pragma once

#include <cstdint>
#include <optional>

#include "drivers/base/bytes.hpp"

namespace pcsc {

/// Tags of the feature list that we know what to do with.
enum class Feature : std::uint8_t {
    modify_pin_direct = 0x07,
    tlv_properties = 0x12,
    execute_pace = 0x20,
};

/// The control code of a feature; nothing if the reader does not have it, or if the list is cut.
///   feature list = { tag 1 | length 1 = 04 | control code 4, big-endian }*
[[nodiscard]] std::optional<std::uint32_t> control_code_of(base::ByteView list, Feature feature);

/// Data that the reader carries in one APDU (dwMaxAPDUDataSize, property 0A); nothing if it does
/// not say. 256 and less means short APDUs only.
///   property list = { tag 1 | length 1 | value, little-endian }*
[[nodiscard]] std::optional<std::size_t> apdu_bytes_of(base::ByteView properties);

}  // namespace pcsc
