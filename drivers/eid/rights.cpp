// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/rights.hpp"

#include "drivers/apdu/oid.hpp"
#include "drivers/apdu/tlv.hpp"
#include "drivers/base/check.hpp"

namespace eid {
namespace {

constexpr std::size_t authorisation_bytes = 5;
constexpr unsigned data_groups_max = 22;
constexpr unsigned first_read_bit = 8;
constexpr unsigned role_shift = 38;

}  // namespace

Rights right_read(unsigned data_group) {
    CHECK(data_group >= 1 && data_group <= data_groups_max);
    return {1ULL << (first_read_bit + data_group - 1)};
}

base::Bytes encode_chat(const Chat& chat) {
    CHECK((chat.rights.bits & ~rights_mask) == 0);
    const std::uint64_t number =
        static_cast<std::uint64_t>(chat.role) << role_shift | chat.rights.bits;
    base::Bytes all;
    base::append_u64(all, number);
    const base::ByteView five = base::ByteView(all).last(authorisation_bytes);
    return apdu::tlv(
        0x7F4C, {apdu::tlv(0x06, base::ByteView(apdu::oid::auth_terminal)), apdu::tlv(0x53, five)});
}

base::Result<Chat> parse_chat(base::ByteView content) {
    apdu::TlvReader reader(content, apdu::Rules::der);
    const auto type = reader.take_if(0x06);
    const auto value = reader.take_if(0x53);
    if (!type || !value || !reader.at_end()) {
        return base::fail(base::Errc::certificate_bad, "chat structure");
    }
    if (!base::equal(type->value, apdu::oid::auth_terminal) ||
        value->value.size() != authorisation_bytes) {
        return base::fail(base::Errc::certificate_bad, "chat type");
    }
    std::uint64_t number = 0;
    for (const std::uint8_t byte : value->value) number = number << 8U | byte;
    return Chat{static_cast<Role>(number >> role_shift), Rights{number & rights_mask}};
}

}  // namespace eid
