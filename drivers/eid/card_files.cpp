// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/card_files.hpp"

#include <algorithm>

#include "drivers/apdu/atr.hpp"
#include "drivers/apdu/oid.hpp"
#include "drivers/apdu/status.hpp"
#include "drivers/apdu/tlv.hpp"
#include "drivers/base/check.hpp"
#include "drivers/base/limits.hpp"

namespace eid {
namespace {

constexpr std::uint8_t ins_select = 0xA4;
constexpr std::uint8_t ins_read_binary = 0xB0;
constexpr std::uint8_t short_identifier_bit = 0x80;
// With 15 bits of offset READ BINARY reaches no further, so a larger file could not be read anyway.
static_assert(limits::card_file_bytes_max <= 0x7FFF);

base::Errc errc_of(std::uint16_t status) {
    switch (status) {
        case apdu::sw::file_not_found:
            return base::Errc::file_missing;
        case apdu::sw::security_status:
            return base::Errc::right_missing;
        default:
            return base::Errc::card_status_unexpected;
    }
}

apdu::Command read_command(std::uint8_t p1, std::uint8_t p2, std::size_t le) {
    return {0x00, ins_read_binary, p1, p2, {}, le};
}

bool is_empty_file(const apdu::Answer& first) {
    return first.sw == apdu::sw::offset_beyond_end ||
           (first.sw == apdu::sw::end_of_file && first.data.empty());
}

/// One read. "End of file" with data is what a card answers when less is there than was asked for.
base::Result<base::Bytes> read_part(Channel& channel, const apdu::Command& command) {
    TRY(answer, channel.send(command));
    const bool from_start = (command.p1 & short_identifier_bit) != 0;
    if (from_start && is_empty_file(answer)) {
        return base::fail(base::Errc::file_missing, "empty file", answer.sw);
    }
    if (!answer.ok() && answer.sw != apdu::sw::end_of_file) {
        return base::fail(errc_of(answer.sw), "read binary", answer.sw);
    }
    if (answer.data.empty() || answer.data.size() > *command.le) {
        return base::fail(base::Errc::card_answer_bad, "read binary", answer.sw);
    }
    return std::move(answer.data);
}

}  // namespace

base::Result<base::Bytes> read_file(Channel& channel, std::uint8_t sfid) {
    CHECK(sfid >= 1 && sfid <= 30);
    const std::size_t part_bytes = channel.read_bytes_max();
    const auto p1 = static_cast<std::uint8_t>(short_identifier_bit | sfid);
    TRY(content, read_part(channel, read_command(p1, 0x00, part_bytes)));
    TRY(size, apdu::announced_bytes(content));
    if (size > limits::card_file_bytes_max) {
        return base::fail(base::Errc::card_answer_bad, "file size");
    }
    while (content.size() < size) {
        const std::size_t wanted = std::min(part_bytes, size - content.size());
        const auto offset = static_cast<std::uint16_t>(content.size());
        TRY(part, read_part(channel, read_command(static_cast<std::uint8_t>(offset >> 8U),
                                                  static_cast<std::uint8_t>(offset), wanted)));
        base::append(content, part);
    }
    content.resize(size);
    return std::move(content);
}

base::Result<void> select_eid_application(Channel& channel) {
    const auto& id = apdu::oid::eid_application;
    // P2 = 0C: no answer data wanted (ISO/IEC 7816-4 7.1.1).
    TRY(answer,
        channel.send({0x00, ins_select, 0x04, 0x0C, base::Bytes(id.begin(), id.end()), {}}));
    if (answer.sw == apdu::sw::file_not_found) {
        return base::fail(base::Errc::card_foreign, "select eid", answer.sw);
    }
    if (!answer.ok()) {
        return base::fail(base::Errc::card_status_unexpected, "select eid", answer.sw);
    }
    return {};
}

base::Result<void> select_master_file(Channel& channel) {
    TRY(answer, channel.send({0x00, ins_select, 0x00, 0x0C, {}, {}}));
    if (answer.ok()) return {};
    // Some cards want to read the identifier that the norm lets one leave out.
    TRY(named, channel.send({0x00, ins_select, 0x00, 0x0C, {0x3F, 0x00}, {}}));
    if (!named.ok()) {
        return base::fail(base::Errc::card_status_unexpected, "select master file", named.sw);
    }
    return {};
}

base::Result<void> learn_buffers(Channel& channel, base::ByteView atr) {
    const auto capabilities = apdu::capabilities_of(atr);
    if (!channel.extended_length() || !capabilities || !capabilities->sizes_in_info) return {};
    const auto p1 = static_cast<std::uint8_t>(short_identifier_bit | sfid_atr_info);
    TRY(answer, channel.send(read_command(p1, 0x00, apdu::short_le_max)));
    // 7F66 { 02 largest command, 02 largest answer }, both counted with header and trailer
    // (12.7.1).
    const auto sizes = apdu::find(answer.data, 0x7F66);
    if (!sizes) return {};
    apdu::TlvReader reader(sizes->value);
    const auto command_bytes = reader.take_if(0x02);
    const auto answer_bytes = reader.take_if(0x02);
    if (!command_bytes || !answer_bytes) return {};
    base::ByteView number = answer_bytes->value;
    while (number.size() > 2 && number.front() == 0) number = number.subspan(1);
    if (number.size() == 2) channel.learn_answer_bytes(base::read_u16(number));
    if (number.size() > 2) channel.learn_answer_bytes(apdu::extended_le_max);
    return {};
}

}  // namespace eid
