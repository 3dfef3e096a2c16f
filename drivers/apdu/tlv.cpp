// SPDX-License-Identifier: EUPL-1.2
#include "drivers/apdu/tlv.hpp"

#include "drivers/base/check.hpp"

namespace apdu {
namespace {

auto bad(const char* where) {
    return base::fail(base::Errc::card_answer_bad, where);
}

struct Header {
    Tag tag = 0;
    std::size_t header_bytes = 0;
    std::size_t value_bytes = 0;
};

/// Reads 1..3 tag bytes. The second byte of a long tag carries a number from 31 on, without leading
/// zero bits (ISO/IEC 7816-4 5.2.2.1), so that each tag has one form.
base::Result<std::size_t> read_tag(base::ByteView bytes, Tag& tag) {
    if (bytes.empty()) return bad("tlv end");
    tag = bytes[0];
    if ((bytes[0] & 0x1FU) != 0x1FU) return std::size_t{1};
    for (std::size_t i = 1; i < 3; ++i) {
        if (i >= bytes.size()) return bad("tlv tag cut");
        const std::uint8_t byte = bytes[i];
        if (i == 1 && (byte == 0x80 || byte < 0x1F)) return bad("tlv tag form");
        tag = tag << 8U | byte;
        if ((byte & 0x80U) == 0) return i + 1;
    }
    return bad("tlv tag long");
}

base::Result<Header> read_header(base::ByteView bytes, Rules rules) {
    Header header;
    TRY(tag_bytes, read_tag(bytes, header.tag));
    if (tag_bytes >= bytes.size()) return bad("tlv length cut");
    const std::uint8_t first = bytes[tag_bytes];
    header.header_bytes = tag_bytes + 1;
    if (first < 0x80) {
        header.value_bytes = first;
        return header;
    }
    const std::size_t count = first & 0x7FU;
    if (count == 0 || count > 3) return bad("tlv length form");
    if (header.header_bytes + count > bytes.size()) return bad("tlv length cut");
    for (std::size_t i = 0; i < count; ++i) {
        header.value_bytes = header.value_bytes << 8U | bytes[header.header_bytes + i];
    }
    header.header_bytes += count;
    const std::size_t least = count == 1 ? 0x80U : std::size_t{1} << (8 * (count - 1));
    if (rules == Rules::der && header.value_bytes < least) return bad("tlv length not shortest");
    return header;
}

}  // namespace

TlvReader::TlvReader(base::ByteView bytes, Rules rules) : rest_(bytes), rules_(rules) {}

base::Result<Tlv> TlvReader::read() const {
    TRY(header, read_header(rest_, rules_));
    if (header.value_bytes > rest_.size() - header.header_bytes) return bad("tlv value cut");
    return Tlv{header.tag, rest_.subspan(header.header_bytes, header.value_bytes),
               rest_.first(header.header_bytes + header.value_bytes)};
}

std::optional<Tag> TlvReader::peek() const {
    const auto object = read();
    if (!object) return std::nullopt;
    return object->tag;
}

base::Result<Tlv> TlvReader::next() {
    TRY(object, read());
    rest_ = rest_.subspan(object.whole.size());
    return object;
}

base::Result<Tlv> TlvReader::expect(Tag tag) {
    TRY(object, read());
    if (object.tag != tag) return bad("tlv tag");
    rest_ = rest_.subspan(object.whole.size());
    return object;
}

std::optional<Tlv> TlvReader::take_if(Tag tag) {
    const auto object = read();
    if (!object || object->tag != tag) return std::nullopt;
    rest_ = rest_.subspan(object->whole.size());
    return *object;
}

base::Result<void> TlvReader::expect_end() const {
    if (!at_end()) return bad("tlv trailing");
    return {};
}

std::optional<Tlv> find(base::ByteView bytes, Tag tag, Rules rules) {
    TlvReader reader(bytes, rules);
    while (!reader.at_end()) {
        const auto object = reader.next();
        if (!object) return std::nullopt;
        if (object->tag == tag) return *object;
    }
    return std::nullopt;
}

base::Result<base::ByteView> only(base::ByteView bytes, Tag tag, Rules rules) {
    TlvReader reader(bytes, rules);
    TRY(object, reader.expect(tag));
    TRY_VOID(reader.expect_end());
    return object.value;
}

base::Result<std::size_t> announced_bytes(base::ByteView start) {
    TRY(header, read_header(start, Rules::ber));
    return header.header_bytes + header.value_bytes;
}

void append_tlv(base::Bytes& out, Tag tag, base::ByteView value) {
    CHECK(tag <= 0xFFFFFF);
    CHECK(value.size() <= 0xFFFFFF);
    if (tag > 0xFFFF) out.push_back(static_cast<std::uint8_t>(tag >> 16U));
    if (tag > 0xFF) out.push_back(static_cast<std::uint8_t>(tag >> 8U));
    out.push_back(static_cast<std::uint8_t>(tag));
    const std::size_t size = value.size();
    if (size > 0xFFFF) {
        out.push_back(0x83);
        out.push_back(static_cast<std::uint8_t>(size >> 16U));
        out.push_back(static_cast<std::uint8_t>(size >> 8U));
    } else if (size > 0xFF) {
        out.push_back(0x82);
        out.push_back(static_cast<std::uint8_t>(size >> 8U));
    } else if (size > 0x7F) {
        out.push_back(0x81);
    }
    out.push_back(static_cast<std::uint8_t>(size));
    base::append(out, value);
}

base::Bytes tlv(Tag tag, base::ByteView value) {
    base::Bytes out;
    append_tlv(out, tag, value);
    return out;
}

base::Bytes tlv(Tag tag, std::initializer_list<base::ByteView> parts) {
    return tlv(tag, base::ByteView(base::concat(parts)));
}

}  // namespace apdu
