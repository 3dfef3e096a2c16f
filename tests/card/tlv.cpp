// SPDX-License-Identifier: EUPL-1.2
// DER-TLV reading and writing: see tlv.hpp.
#include "tests/card/tlv.hpp"

#include <algorithm>

namespace card {
namespace {

constexpr std::size_t objects_max = 64;

// Reads tag and length at `at`; moves `at` to the value. Nothing if the encoding is not strict.
struct Head {
    std::uint32_t tag;
    std::size_t length;
};
std::optional<Head> read_head(View bytes, std::size_t& at) {
    if (at >= bytes.size()) return std::nullopt;
    std::uint32_t tag = bytes[at++];
    if ((tag & 0x1FU) == 0x1FU) {
        if (at >= bytes.size() || (bytes[at] & 0x80U) != 0) return std::nullopt;
        tag = tag << 8U | bytes[at++];
    }
    if (at >= bytes.size()) return std::nullopt;
    std::size_t length = bytes[at++];
    if (length >= 0x80) {
        const std::size_t more = length & 0x7FU;
        if (more < 1 || more > 2 || bytes.size() - at < more) return std::nullopt;
        length = 0;
        for (std::size_t i = 0; i < more; ++i) length = length << 8U | bytes[at++];
        if (length < 0x80 || (more == 2 && length < 0x100)) return std::nullopt;
    }
    if (bytes.size() - at < length) return std::nullopt;
    return Head{tag, length};
}

}  // namespace

std::optional<std::vector<Tlv>> parse_tlv(View bytes) {
    std::vector<Tlv> objects;
    std::size_t at = 0;
    while (at < bytes.size()) {
        if (objects.size() == objects_max) return std::nullopt;
        const std::size_t start = at;
        const auto head = read_head(bytes, at);
        if (!head) return std::nullopt;
        objects.push_back({head->tag, bytes.subspan(at, head->length),
                           bytes.subspan(start, at - start + head->length)});
        at += head->length;
    }
    return objects;
}

std::optional<Tlv> parse_single(View bytes, std::uint32_t tag) {
    const auto objects = parse_tlv(bytes);
    if (!objects || objects->size() != 1 || objects->front().tag != tag) return std::nullopt;
    return objects->front();
}

const Tlv* find(const std::vector<Tlv>& objects, std::uint32_t tag) {
    const auto found = std::find_if(objects.begin(), objects.end(),
                                    [tag](const Tlv& object) { return object.tag == tag; });
    return found == objects.end() ? nullptr : &*found;
}

std::size_t count(const std::vector<Tlv>& objects, std::uint32_t tag) {
    return static_cast<std::size_t>(std::count_if(
        objects.begin(), objects.end(), [tag](const Tlv& object) { return object.tag == tag; }));
}

Bytes tlv(std::uint32_t tag, View value) {
    Bytes out;
    if (tag > 0xFF) out.push_back(static_cast<std::uint8_t>(tag >> 8U));
    out.push_back(static_cast<std::uint8_t>(tag));
    const std::size_t length = value.size();
    if (length >= 0x100) {
        out.push_back(0x82);
        out.push_back(static_cast<std::uint8_t>(length >> 8U));
    } else if (length >= 0x80) {
        out.push_back(0x81);
    }
    out.push_back(static_cast<std::uint8_t>(length));
    out.insert(out.end(), value.begin(), value.end());
    return out;
}

Bytes tlv(std::uint32_t tag, std::initializer_list<View> parts) {
    return tlv(tag, join(parts));
}
Bytes tlv_text(std::uint32_t tag, std::string_view text) {
    return tlv(tag, to_bytes(text));
}

Bytes der_integer(View big_endian) {
    std::size_t skip = 0;
    while (skip + 1 < big_endian.size() && big_endian[skip] == 0) ++skip;
    Bytes value;
    if (big_endian.empty() || (big_endian[skip] & 0x80U) != 0) value.push_back(0);
    value.insert(value.end(), big_endian.begin() + static_cast<std::ptrdiff_t>(skip),
                 big_endian.end());
    return tlv(0x02, value);
}

Bytes der_integer(std::uint32_t value) {
    const Bytes big_endian{
        static_cast<std::uint8_t>(value >> 24U), static_cast<std::uint8_t>(value >> 16U),
        static_cast<std::uint8_t>(value >> 8U), static_cast<std::uint8_t>(value)};
    return der_integer(View(big_endian));
}

}  // namespace card
