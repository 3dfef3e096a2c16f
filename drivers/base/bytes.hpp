// SPDX-License-Identifier: EUPL-1.2
// The two byte types that every layer passes around, and big-endian coding of integers.
// All protocols here (APDU, TLV, chain records, frames) are big-endian, so no other order exists.
// Pure functions, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace base {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// The bytes of a text, without copying. The text must outlive the view.
[[nodiscard]] ByteView as_bytes(std::string_view text);
/// The text made of these bytes, without copying or checking UTF-8. The bytes must outlive the
/// view.
[[nodiscard]] std::string_view as_text(ByteView bytes);

/// Appends `part` to `out`.
void append(Bytes& out, ByteView part);
/// Concatenates parts in order.
[[nodiscard]] Bytes concat(std::initializer_list<ByteView> parts);
/// True if both have the same length and bytes. Not constant time: never for secrets or MACs
/// (crypto::equal_ct is for those).
[[nodiscard]] bool equal(ByteView left, ByteView right);

/// Appends an integer in network byte order.
void append_u16(Bytes& out, std::uint16_t value);
void append_u32(Bytes& out, std::uint32_t value);
void append_u64(Bytes& out, std::uint64_t value);
/// Reads an integer in network byte order from the front; the view must be long enough (CHECK).
[[nodiscard]] std::uint16_t read_u16(ByteView bytes);
[[nodiscard]] std::uint32_t read_u32(ByteView bytes);
[[nodiscard]] std::uint64_t read_u64(ByteView bytes);

}  // namespace base
