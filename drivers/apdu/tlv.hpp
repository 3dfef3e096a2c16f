// SPDX-License-Identifier: EUPL-1.2
// BER-TLV as cards, CV certificates and CMS use it: tags of 1..3 bytes, definite lengths only. The
// reader is strict and bounded, never copies and never recurses; nesting is walked by making a
// reader over a value. Pure, any thread. Norms: ISO/IEC 8825-1 (BER, DER), ISO/IEC 7816-4 5.2.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"

namespace apdu {

/// The bytes of a tag read as one number: 0x80, 0x7F49.
using Tag = std::uint32_t;

/// ber takes a length in more bytes than needed (cards may write 81 05); der refuses it
/// (certificates, CMS).
enum class Rules : std::uint8_t { ber, der };

/// One data object; the views point into the reader's bytes.
struct Tlv {
    Tag tag = 0;
    base::ByteView value;
    base::ByteView whole;  ///< with tag and length, as it stands
};

class TlvReader {
  public:
    /// bytes  must outlive the reader and everything it returns.
    explicit TlvReader(base::ByteView bytes, Rules rules = Rules::ber);

    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    [[nodiscard]] base::ByteView rest() const { return rest_; }
    /// The tag of the next object without taking it; nothing at the end or if it is malformed.
    [[nodiscard]] std::optional<Tag> peek() const;
    /// Takes the next object. errors: card_answer_bad (end, malformed tag or length, longer than
    /// the bytes).
    base::Result<Tlv> next();
    /// Takes the next object, which must have this tag. errors: card_answer_bad.
    base::Result<Tlv> expect(Tag tag);
    /// Takes the next object if it has this tag.
    [[nodiscard]] std::optional<Tlv> take_if(Tag tag);
    /// errors: card_answer_bad if something is left.
    base::Result<void> expect_end() const;

  private:
    base::Result<Tlv> read() const;

    base::ByteView rest_;
    Rules rules_;
};

/// The first object with this tag among the objects side by side in `bytes`; nothing if absent or
/// malformed before it.
[[nodiscard]] std::optional<Tlv> find(base::ByteView bytes, Tag tag, Rules rules = Rules::ber);
/// The one object that `bytes` consists of. errors: card_answer_bad (other tag, something after
/// it).
base::Result<base::ByteView> only(base::ByteView bytes, Tag tag, Rules rules = Rules::ber);

/// Length of the whole object that starts here, from its tag and length alone; the value may be cut
/// off. Used to know a file's size from its first bytes. errors: card_answer_bad.
base::Result<std::size_t> announced_bytes(base::ByteView start);

/// Appends one object with the shortest length form. value <= 0xFFFFFF bytes (CHECKed).
void append_tlv(base::Bytes& out, Tag tag, base::ByteView value);
/// One object whose value is the parts in order.
[[nodiscard]] base::Bytes tlv(Tag tag, base::ByteView value);
[[nodiscard]] base::Bytes tlv(Tag tag, std::initializer_list<base::ByteView> parts);

}  // namespace apdu
