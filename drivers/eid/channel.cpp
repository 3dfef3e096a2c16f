// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/channel.hpp"

#include <algorithm>
#include <utility>

#include "drivers/apdu/atr.hpp"
#include "drivers/base/check.hpp"
#include "drivers/base/limits.hpp"

namespace eid {
namespace {

// A protected answer of n bytes is 1+3 + pad16(n) + 1 bytes of DO 87, 4 of DO 99 and 10 of DO 8E.
// For n = 223: 4 + 224 + 4 + 10 = 242; for n = 224 it would be 4 + 240 + 4 + 10 = 258, more than
// the 256 of a short answer.
constexpr std::size_t short_protected_read_bytes = 223;
// The other way: 1+2+1 + pad16(n) bytes of DO 87, 3 of DO 97 and 10 of DO 8E fit into 255 for
// n = 223: 4 + 224 + 3 + 10 = 241; for n = 224 it would be 257.
constexpr std::size_t short_protected_data_bytes = 223;
constexpr std::size_t protected_answer_overhead_bytes = 4 + 16 + 1 + 4 + 10;
// An answer of card_file_bytes_max in pieces of 256 takes 64 rounds; a card that hands over single
// bytes is not worth more patience than this.
constexpr std::size_t get_response_rounds_max = 300;
constexpr std::uint8_t ins_envelope = 0xC2;
constexpr std::uint8_t ins_get_response = 0xC0;

bool more_waits(std::uint16_t status) {
    return (status & 0xFF00U) == 0x6100;
}
/// 61xx and 6Cxx carry a number of bytes; zero means the most a short answer holds.
std::size_t stated_bytes(std::uint16_t status) {
    const std::size_t bytes = status & 0xFFU;
    return bytes == 0 ? apdu::short_le_max : bytes;
}
/// 6Cxx to a command that only fetches: it was not carried out and may be asked again with the
/// right length. A command with data is never repeated, because it could cost a try.
bool wants_other_length(const apdu::Command& command, std::uint16_t status) {
    return (status & 0xFF00U) == 0x6C00 && command.data.empty() && command.le;
}

/// The card itself takes no extended length, but chains.
bool wants_chaining(const port::CardTransport& transport) {
    const auto capabilities = apdu::capabilities_of(transport.atr());
    return !transport.extended_length() && capabilities && capabilities->chaining &&
           !capabilities->extended_length;
}

}  // namespace

Channel::Channel(port::CardTransport& transport, std::stop_token stop)
    : transport_(transport), stop_(std::move(stop)) {}

void Channel::secure(SessionKeys keys) {
    messaging_.emplace(std::move(keys));
    secured_by_reader_ = false;
}

void Channel::secure_by_reader() {
    CHECK(!messaging_.has_value());
    secured_by_reader_ = true;
}

std::size_t Channel::read_bytes_max() const {
    const bool protection = secured() || secured_by_reader_;
    const std::size_t usual = protection ? short_protected_read_bytes : apdu::short_le_max;
    const std::size_t whole = std::min(answer_bytes_, transport_.answer_bytes_max());
    // Only what is written in the extended form can also be answered in it.
    if (!extended_length() || whole <= apdu::short_le_max + protected_answer_overhead_bytes) {
        return usual;
    }
    return std::min(limits::card_file_bytes_max, whole - protected_answer_overhead_bytes);
}

base::Result<apdu::Answer> Channel::send(const apdu::Command& command) {
    TRY(answer, send_once(command));
    if (!wants_other_length(command, answer.sw)) return std::move(answer);
    // Without data, as wants_other_length() says.
    return send_once(
        {command.cla, command.ins, command.p1, command.p2, {}, stated_bytes(answer.sw)});
}

/// Protected commands grow beyond the short form. Envelopes are no way out of a short reader that
/// protects by itself, because it would protect the envelope and not what is in it.
bool Channel::wants_pieces(const apdu::Command& command) const {
    if (command.data.size() <= short_protected_data_bytes) return false;
    if (secured_by_reader_) return !transport_.extended_length();
    return messaging_.has_value() && wants_chaining(transport_);
}

base::Result<apdu::Answer> Channel::send_whole(const apdu::Command& command) {
    if (!messaging_) return exchange(command);
    TRY(answer, exchange(messaging_->protect(command)));
    return messaging_->open(answer);
}

base::Result<apdu::Answer> Channel::send_once(const apdu::Command& command) {
    if (!wants_pieces(command)) return send_whole(command);
    // ISO/IEC 7816-4 5.3.3: each command of the chain is protected by itself.
    apdu::Answer last;
    for (const apdu::Command& piece : apdu::chain(command, short_protected_data_bytes)) {
        TRY(answer, send_whole(piece));
        last = std::move(answer);
        if (!last.ok()) break;
    }
    return last;
}

base::Result<apdu::Answer> Channel::exchange(const apdu::Command& command) {
    if (stop_.stop_requested()) return base::fail(base::Errc::cancelled, "channel");
    if (apdu::fits_short(command)) {
        TRY(answer, transmit(apdu::encode(command, apdu::Length::short_form)));
        return fetch_rest(std::move(answer));
    }
    if (!transport_.extended_length()) return exchange_by_envelope(command);
    TRY(answer, transmit(apdu::encode(command, apdu::Length::extended)));
    return fetch_rest(std::move(answer));
}

/// Appendix E: the finished extended command travels in the data of ENVELOPE commands, its answer
/// comes by GET RESPONSE.
base::Result<apdu::Answer> Channel::exchange_by_envelope(const apdu::Command& command) {
    apdu::Command envelope{0x00, ins_envelope, 0x00, 0x00, {}, {}};
    envelope.data = apdu::encode(command, apdu::Length::extended);
    for (const apdu::Command& piece : apdu::chain(envelope, apdu::short_data_bytes_max)) {
        TRY(answer, transmit(apdu::encode(piece, apdu::Length::short_form)));
        if (!answer.ok() && !more_waits(answer.sw)) {
            return base::fail(base::Errc::reader_feature_missing, "envelope", answer.sw);
        }
    }
    return fetch_rest({{}, 0x6100});
}

/// While the card says 61xx, the rest of the answer is fetched by GET RESPONSE (ISO/IEC 7816-4
/// 11.7.1); a length that the card does not like (6Cxx) is corrected once.
base::Result<apdu::Answer> Channel::fetch_rest(apdu::Answer whole) {
    for (std::size_t round = 0; more_waits(whole.sw); ++round) {
        if (round == get_response_rounds_max || whole.data.size() > limits::card_file_bytes_max) {
            return base::fail(base::Errc::card_answer_bad, "get response");
        }
        apdu::Command command{0x00, ins_get_response, 0x00, 0x00, {}, stated_bytes(whole.sw)};
        TRY(part, transmit(apdu::encode(command, apdu::Length::short_form)));
        if (wants_other_length(command, part.sw)) {
            command.le = stated_bytes(part.sw);
            TRY(again, transmit(apdu::encode(command, apdu::Length::short_form)));
            part = std::move(again);
        }
        base::append(whole.data, part.data);
        whole.sw = part.sw;
    }
    return whole;
}

base::Result<apdu::Answer> Channel::transmit(base::ByteView bytes) {
    ++apdu_count_;
    TRY(answer, transport_.transmit(bytes));
    return apdu::parse_answer(answer);
}

}  // namespace eid
