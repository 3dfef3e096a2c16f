// SPDX-License-Identifier: EUPL-1.2
#include "drivers/base/bytes.hpp"

#include <algorithm>

#include "drivers/base/check.hpp"

namespace base {
namespace {

template <class Rep>
void append_big_endian(Bytes& out, Rep value) {
    for (std::size_t i = sizeof(Rep); i-- > 0;) {
        out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
}

template <class Rep>
Rep read_big_endian(ByteView bytes) {
    CHECK(bytes.size() >= sizeof(Rep));
    Rep value = 0;
    for (std::size_t i = 0; i < sizeof(Rep); ++i) {
        value = static_cast<Rep>(static_cast<std::uint64_t>(value) << 8U | bytes[i]);
    }
    return value;
}

}  // namespace

ByteView as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string_view as_text(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void append(Bytes& out, ByteView part) {
    out.insert(out.end(), part.begin(), part.end());
}

Bytes concat(std::initializer_list<ByteView> parts) {
    Bytes out;
    std::size_t size = 0;
    for (const ByteView part : parts) size += part.size();
    out.reserve(size);
    for (const ByteView part : parts) append(out, part);
    return out;
}

bool equal(ByteView left, ByteView right) {
    return std::ranges::equal(left, right);
}

void append_u16(Bytes& out, std::uint16_t value) {
    append_big_endian(out, value);
}
void append_u32(Bytes& out, std::uint32_t value) {
    append_big_endian(out, value);
}
void append_u64(Bytes& out, std::uint64_t value) {
    append_big_endian(out, value);
}
std::uint16_t read_u16(ByteView bytes) {
    return read_big_endian<std::uint16_t>(bytes);
}
std::uint32_t read_u32(ByteView bytes) {
    return read_big_endian<std::uint32_t>(bytes);
}
std::uint64_t read_u64(ByteView bytes) {
    return read_big_endian<std::uint64_t>(bytes);
}

}  // namespace base
