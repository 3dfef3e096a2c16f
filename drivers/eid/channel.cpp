// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/channel.hpp"

#include <algorithm>
#include <utility>

#include "drivers/apdu/status.hpp"
#include "drivers/base/limits.hpp"

namespace eid {
namespace {

// A protected answer of n bytes is 1+3 + pad16(n) + 1 bytes of DO 87, 4 of DO 99 and 10 of DO 8E.
// For n = 223: 4 + 224 + 4 + 10 = 242; for n = 224 it would be 4 + 240 + 4 + 10 = 258, more than
// the 256 of a short answer.
constexpr std::size_t short_protected_read_bytes = 223;
constexpr std::size_t protected_answer_overhead_bytes = 4 + 16 + 1 + 4 + 10;
constexpr std::size_t envelope_rounds_max = 300;
constexpr std::uint8_t ins_envelope = 0xC2;
constexpr std::uint8_t ins_get_response = 0xC0;

}  // namespace

Channel::Channel(port::CardTransport& transport, std::stop_token stop)
    : transport_(transport), stop_(std::move(stop)) {}

void Channel::secure(SessionKeys keys) {
    messaging_.emplace(std::move(keys));
}

std::size_t Channel::read_bytes_max() const {
    const std::size_t usual = secured() ? short_protected_read_bytes : apdu::short_le_max;
    if (!extended_length() || answer_bytes_ <= apdu::short_le_max) return usual;
    return std::min(limits::card_file_bytes_max, answer_bytes_ - protected_answer_overhead_bytes);
}

base::Result<apdu::Answer> Channel::send(const apdu::Command& command) {
    if (!messaging_) return exchange(command);
    TRY(answer, exchange(messaging_->protect(command)));
    return messaging_->open(answer);
}

base::Result<apdu::Answer> Channel::exchange(const apdu::Command& command) {
    if (stop_.stop_requested()) return base::fail(base::Errc::cancelled, "channel");
    if (apdu::fits_short(command)) {
        return transmit(apdu::encode(command, apdu::Length::short_form));
    }
    if (!transport_.extended_length()) return exchange_by_envelope(command);
    return transmit(apdu::encode(command, apdu::Length::extended));
}

/// Appendix E: the finished extended command travels in the data of ENVELOPE commands, its answer
/// comes by GET RESPONSE.
base::Result<apdu::Answer> Channel::exchange_by_envelope(const apdu::Command& command) {
    apdu::Command envelope{0x00, ins_envelope, 0x00, 0x00, {}, {}};
    envelope.data = apdu::encode(command, apdu::Length::extended);
    apdu::Answer last;
    for (const apdu::Command& piece : apdu::chain(envelope, apdu::short_data_bytes_max)) {
        TRY(answer, transmit(apdu::encode(piece, apdu::Length::short_form)));
        const bool more = (answer.sw & 0xFF00U) == 0x6100;
        if (!answer.ok() && !more) {
            return base::fail(base::Errc::reader_feature_missing, "envelope", answer.sw);
        }
        last = std::move(answer);
    }
    apdu::Answer whole;
    for (std::size_t round = 0; round < envelope_rounds_max; ++round) {
        TRY(part, transmit(apdu::encode({0x00, ins_get_response, 0x00, 0x00, {}, 256},
                                        apdu::Length::short_form)));
        base::append(whole.data, part.data);
        whole.sw = part.sw;
        if ((part.sw & 0xFF00U) != 0x6100) return whole;
        if (whole.data.size() > limits::card_file_bytes_max) break;
    }
    return base::fail(base::Errc::card_answer_bad, "get response");
}

base::Result<apdu::Answer> Channel::transmit(base::ByteView bytes) {
    ++apdu_count_;
    TRY(answer, transport_.transmit(bytes));
    return apdu::parse_answer(answer);
}

}  // namespace eid
