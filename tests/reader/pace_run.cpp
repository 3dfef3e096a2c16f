// SPDX-License-Identifier: EUPL-1.2
// PACE as a terminal: see pace_run.hpp.
#include "tests/reader/pace_run.hpp"

#include <algorithm>
#include <utility>

#include "tests/card/oid.hpp"
#include "tests/card/pace.hpp"
#include "tests/card/tlv.hpp"

namespace reader {
namespace {

using card::Answer;
using card::Bytes;
using card::Command;
using card::View;

constexpr std::uint32_t card_gone = 0xF0100001;
constexpr std::uint32_t object_missing = 0xE0000002;
constexpr std::uint32_t token_wrong = 0xE0000006;

/// One run: `result` stays at what went wrong first.
class Run {
  public:
    Run(const Send& send, const PaceInput& input) : send_(send), input_(input) {}

    PaceOutput go() {
        out_.result = 0;
        if (read_card_access() && choose_suite() && select() && map() && agree()) confirm();
        return std::move(out_);
    }

  private:
    bool fail(std::uint32_t result) {
        out_.result = result;
        return false;
    }
    /// Sends, and fails with the result of this step unless the card says 9000.
    std::optional<Answer> send(const Command& command, std::uint32_t step) {
        const auto answer = send_(command);
        if (!answer) {
            fail(card_gone);
        } else if (answer->status != card::sw::ok) {
            fail(0xF0000000U | step << 16U | answer->status);
        } else {
            return answer;
        }
        return std::nullopt;
    }
    /// One General Authenticate (1..4); the value of `wanted` in its answer.
    std::optional<Bytes> authenticate(unsigned number, const Bytes& content, std::uint32_t wanted) {
        const std::uint8_t cla = number < 4 ? 0x10 : 0x00;
        const auto answer =
            send(card::make_command(cla, 0x86, 0, card::tlv(0x7C, content), 256), 2 + number);
        if (!answer) return std::nullopt;
        const auto outer = card::parse_single(answer->data, 0x7C);
        const auto objects = outer ? card::parse_tlv(outer->value) : std::nullopt;
        const card::Tlv* object = objects ? card::find(*objects, wanted) : nullptr;
        if (object == nullptr) {
            fail(object_missing);
            return std::nullopt;
        }
        if (number == 4) read_authorities(*objects);
        return card::to_bytes(object->value);
    }
    void read_authorities(const std::vector<card::Tlv>& objects) {
        if (const card::Tlv* car = card::find(objects, 0x87)) {
            out_.authority = card::to_bytes(car->value);
        }
        if (const card::Tlv* car = card::find(objects, 0x88)) {
            out_.previous_authority = card::to_bytes(car->value);
        }
    }

    bool read_card_access() {
        constexpr std::size_t piece = 200;
        for (;;) {
            const std::size_t at = out_.card_access.size();
            const auto where = static_cast<std::uint16_t>(at == 0 ? 0x9C00U : at);
            const auto answer = send_(card::make_command(0, 0xB0, where, {}, piece));
            if (!answer) return fail(card_gone);
            const bool end = answer->status == card::sw::end_of_file ||
                             (at > 0 && answer->status == card::sw::beyond_end);
            if (answer->status != card::sw::ok && !end) return fail(0xF0010000U | answer->status);
            out_.card_access = card::join({out_.card_access, answer->data});
            if (end || answer->data.size() < piece) return true;
        }
    }
    /// The first PACE entry with generic mapping over ECDH.
    bool choose_suite() {
        const auto set = card::parse_single(out_.card_access, 0x31);
        const auto entries = set ? card::parse_tlv(set->value) : std::nullopt;
        if (!entries) return fail(0xE0000001);
        for (const card::Tlv& entry : *entries) {
            const auto parts = card::parse_tlv(entry.value);
            if (!parts || parts->size() != 3 || (*parts)[2].value.size() != 1) continue;
            const View id = (*parts)[0].value;
            if (id.size() != card::oid::pace_ecdh_gm.size() + 1) continue;
            if (!card::same(id.first(id.size() - 1), card::oid::pace_ecdh_gm)) continue;
            suite_.cipher = id.back();
            suite_.parameters = (*parts)[2].value[0];
            return true;
        }
        return fail(object_missing);
    }
    bool select() {
        const Bytes reference{static_cast<std::uint8_t>(input_.password)};
        const auto answer =
            send_(card::make_command(0, 0x22, 0xC1A4,
                                     card::join({card::tlv(0x80, suite_.pace_protocol()),
                                                 card::tlv(0x83, reference), input_.chat}),
                                     0));
        if (!answer) return fail(card_gone);
        out_.select_status = answer->status;
        const bool tries = (answer->status & 0xFFF0U) == card::sw::tries_left;
        if (answer->status == card::sw::ok || (tries && answer->status != 0x63C0)) return true;
        return fail(0xF0020000U | answer->status);
    }
    bool map() {
        const auto encrypted = authenticate(1, {}, 0x80);
        if (!encrypted) return false;
        const Bytes key = card::derive_key(card::to_bytes(input_.secret), {},
                                           card::KeyUse::pace_nonce, suite_.key_bytes());
        const Bytes nonce = card::aes_decrypt(key, Bytes(16), *encrypted);
        const card::Curve curve = suite_.curve();
        const card::KeyPair own = card::generate_key(curve);
        const auto theirs = authenticate(2, card::tlv(0x81, own.point), 0x82);
        if (!theirs) return false;
        const auto shared = curve.multiply(*theirs, own.scalar);
        const auto scaled = curve.multiply(curve.generator(), nonce);
        const auto generator = shared && scaled ? curve.add(*scaled, *shared) : std::nullopt;
        if (!generator) return fail(token_wrong);
        generator_ = *generator;
        return true;
    }
    bool agree() {
        const card::Curve curve = suite_.curve();
        const Bytes scalar = curve.random_scalar();
        own_ = *curve.multiply(generator_, scalar);
        const auto theirs = authenticate(3, card::tlv(0x83, own_), 0x84);
        if (!theirs) return false;
        const auto shared = curve.multiply(*theirs, scalar);
        if (!shared) return fail(token_wrong);
        theirs_ = *theirs;
        out_.keys = card::derive_session_keys(curve.x_of(*shared), {}, suite_.key_bytes());
        out_.chip_id = curve.x_of(theirs_);
        return true;
    }
    bool confirm() {
        const auto token = [this](View key) {
            return card::authentication_token(out_.keys->mac, suite_.pace_protocol(), key);
        };
        const auto answer = authenticate(4, card::tlv(0x85, token(theirs_)), 0x86);
        const bool right = answer && card::same(*answer, token(own_));
        if (answer && !right) fail(token_wrong);
        if (!right) out_.keys.reset();
        return right;
    }

    const Send& send_;
    const PaceInput& input_;
    PaceOutput out_;
    card::Suite suite_;
    Bytes generator_, own_, theirs_;
};

}  // namespace

Bytes encode_command(const Command& command) {
    Bytes bytes{command.cla, command.ins, command.p1, command.p2};
    const bool extended = command.data.size() > 255 || command.expected > 256;
    const auto put_16 = [&bytes](std::size_t number) {
        bytes.push_back(static_cast<std::uint8_t>(number >> 8U));
        bytes.push_back(static_cast<std::uint8_t>(number));
    };
    if (extended) bytes.push_back(0);
    if (!command.data.empty()) {
        if (extended)
            put_16(command.data.size());
        else
            bytes.push_back(static_cast<std::uint8_t>(command.data.size()));
        bytes.insert(bytes.end(), command.data.begin(), command.data.end());
    }
    if (command.expected > 0) {
        if (extended)
            put_16(command.expected);
        else
            bytes.push_back(static_cast<std::uint8_t>(command.expected));
    }
    return bytes;
}

std::optional<Answer> parse_answer(View response) {
    if (response.size() < 2) return std::nullopt;
    const View word = response.last(2);
    return Answer(card::to_bytes(response.first(response.size() - 2)),
                  static_cast<card::StatusWord>(word[0] << 8 | word[1]));
}

void SecureChannel::step() {
    for (std::size_t i = counter_.size(); i-- > 0;) {
        if (++counter_[i] != 0) return;
    }
}

Bytes SecureChannel::protect(const Command& command) {
    step();
    Bytes objects;
    if (!command.data.empty()) {
        const Bytes iv = card::aes_encrypt(keys_.enc, Bytes(16), counter_);
        const Bytes cipher = card::aes_encrypt(keys_.enc, iv, card::pad_16(command.data));
        objects = card::tlv(0x87, {Bytes{1}, cipher});
    }
    if (command.expected > 0) {
        Bytes length;
        if (command.expected > 256) {
            length.push_back(static_cast<std::uint8_t>(command.expected >> 8U));
        }
        length.push_back(static_cast<std::uint8_t>(command.expected));
        objects = card::join({objects, card::tlv(0x97, length)});
    }
    Command out = command;
    out.cla |= 0x0CU;
    const Bytes header = card::pad_16(Bytes{out.cla, out.ins, out.p1, out.p2});
    const Bytes covered = objects.empty() ? Bytes{} : card::pad_16(objects);
    const Bytes mac = card::cmac_8(keys_.mac, card::join({counter_, header, covered}));
    out.data = card::join({objects, card::tlv(0x8E, mac)});
    out.expected = command.expected > 256 || out.data.size() > 255 ? 65536 : 256;
    return encode_command(out);
}

std::optional<Answer> SecureChannel::open(View response) {
    step();
    const auto outer = parse_answer(response);
    const auto objects = outer ? card::parse_tlv(outer->data) : std::nullopt;
    if (!objects || objects->size() < 2 || objects->back().tag != 0x8E) return std::nullopt;
    const card::Tlv& mac = objects->back();
    const View covered = View(outer->data).first(outer->data.size() - mac.whole.size());
    const Bytes right = card::cmac_8(keys_.mac, card::join({counter_, card::pad_16(covered)}));
    if (!card::same(mac.value, right)) return std::nullopt;
    Answer answer(outer->status);
    if (const card::Tlv* cryptogram = card::find(*objects, 0x87)) {
        const Bytes iv = card::aes_encrypt(keys_.enc, Bytes(16), counter_);
        auto data = card::unpad_16(card::aes_decrypt(keys_.enc, iv, cryptogram->value.subspan(1)));
        if (!data) return std::nullopt;
        answer.data = std::move(*data);
    }
    return answer;
}

PaceOutput run_pace(const Send& send, const PaceInput& input) {
    return Run(send, input).go();
}

}  // namespace reader
