// SPDX-License-Identifier: EUPL-1.2
// The terminal of the card's tests: see terminal_probe.hpp.
#include "tests/card/terminal_probe.hpp"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "tests/card/oid.hpp"

namespace card {
namespace {

// Extended form as soon as short is too short; tests never need more than 65535 bytes.
Bytes encode_command(const Command& command) {
    Bytes bytes{command.cla, command.ins, command.p1, command.p2};
    const bool extended = command.data.size() > 255 || command.expected > 256;
    const auto put_16 = [&bytes](std::size_t number) {
        bytes.push_back(static_cast<std::uint8_t>(number >> 8U));
        bytes.push_back(static_cast<std::uint8_t>(number));
    };
    if (!command.data.empty()) {
        if (extended) {
            bytes.push_back(0);
            put_16(command.data.size());
        } else {
            bytes.push_back(static_cast<std::uint8_t>(command.data.size()));
        }
        bytes.insert(bytes.end(), command.data.begin(), command.data.end());
    } else if (extended) {
        bytes.push_back(0);
    }
    if (command.expected > 0) {
        if (extended) {
            put_16(command.expected);
        } else {
            bytes.push_back(static_cast<std::uint8_t>(command.expected));
        }
    }
    return bytes;
}

Answer to_answer(View response) {
    const std::size_t length = response.size() - 2;
    return {to_bytes(response.first(length)),
            static_cast<StatusWord>(response[length] << 8 | response[length + 1])};
}

// Value of a tag inside the dynamic authentication template 7C.
Bytes inside(const Answer& answer, std::uint32_t tag) {
    const auto outer = parse_single(answer.data, 0x7C);
    const auto objects = outer ? parse_tlv(outer->value) : std::nullopt;
    const Tlv* object = objects ? find(*objects, tag) : nullptr;
    return object != nullptr ? to_bytes(object->value) : Bytes{};
}

[[noreturn]] void protocol_error(const char* what) {
    std::fprintf(stderr, "terminal probe: the card broke the protocol: %s\n", what);
    std::abort();
}

}  // namespace

Answer TerminalProbe::send(std::string_view hex_command) {
    const auto command = parse_command(*from_hex(hex_command));
    if (!command) protocol_error("a test wrote a command that is none");
    return send(*command);
}

Answer TerminalProbe::send(Command command) {
    if (!keys_) return send_raw(encode_command(command));
    const Bytes response = card_.process(wrap(command));
    if (response.size() == 2) {
        keys_.reset();
        return to_answer(response);
    }
    return unwrap(response);
}

Answer TerminalProbe::send_raw(View bytes) {
    return to_answer(card_.process(bytes));
}

void TerminalProbe::start_channel(SessionKeys keys) {
    keys_ = std::move(keys);
    counter_ = {};
}

void TerminalProbe::step() {
    for (std::size_t i = counter_.size(); i-- > 0;) {
        if (++counter_[i] != 0) return;
    }
}

Bytes TerminalProbe::wrap(const Command& command) {
    step();
    Bytes objects;
    if (!command.data.empty()) {
        const Bytes iv = aes_encrypt(keys_->enc, Bytes(16), counter_);
        const Bytes cipher = aes_encrypt(keys_->enc, iv, pad_16(command.data));
        objects = tlv(0x87, {Bytes{1}, cipher});
    }
    if (command.expected > 0) {
        const bool two = command.expected > 256;
        Bytes length;
        if (two) length.push_back(static_cast<std::uint8_t>(command.expected >> 8U));
        length.push_back(static_cast<std::uint8_t>(command.expected));
        objects = join({objects, tlv(0x97, length)});
    }
    const auto cla = static_cast<std::uint8_t>(command.cla | 0x0CU);
    const Bytes header = pad_16(Bytes{cla, command.ins, command.p1, command.p2});
    const Bytes covered = objects.empty() ? Bytes{} : pad_16(objects);
    Bytes mac = cmac_8(keys_->mac, join({counter_, header, covered}));
    if (std::exchange(break_mac_, false)) mac[7] ^= 1U;
    return encode_command(make_command(cla, command.ins, command.p1p2(),
                                       join({objects, tlv(0x8E, mac)}),
                                       command.expected > 256 ? 65536 : 256));
}

Answer TerminalProbe::unwrap(View response) {
    step();
    const Answer outer = to_answer(response);
    const auto objects = parse_tlv(outer.data);
    if (!objects || objects->size() < 2) protocol_error("answer without objects");
    const Tlv& mac = objects->back();
    const View covered = View(outer.data).first(outer.data.size() - mac.whole.size());
    if (mac.tag != 0x8E ||
        !same(mac.value, cmac_8(keys_->mac, join({counter_, pad_16(covered)})))) {
        protocol_error("wrong MAC in an answer");
    }
    const Tlv* word = find(*objects, 0x99);
    if (word == nullptr || word->value.size() != 2) protocol_error("no status inside");
    Answer answer(static_cast<StatusWord>(word->value[0] << 8 | word->value[1]));
    if (answer.status != outer.status) protocol_error("two different status words");
    if (const Tlv* cryptogram = find(*objects, 0x87)) {
        const Bytes iv = aes_encrypt(keys_->enc, Bytes(16), counter_);
        auto data = unpad_16(aes_decrypt(keys_->enc, iv, cryptogram->value.subspan(1)));
        if (!data) protocol_error("bad padding");
        answer.data = std::move(*data);
    }
    return answer;
}

StatusWord TerminalProbe::pace(const PaceOptions& options) {
    const Curve curve = Curve::brainpool_256();
    Bytes environment = join({tlv(0x80, oid::pace_ecdh_gm_aes_128),
                              tlv(0x83, Bytes{static_cast<std::uint8_t>(options.password)})});
    if (options.rights) {
        environment = join({environment, encode_chat({Role::terminal, *options.rights})});
    }
    const Answer start = send(make_command(0, 0x22, 0xC1A4, environment, 0));
    const bool state = (start.status & 0xFFF0U) == sw::tries_left || start.status == 0x6283;
    if (start.status != sw::ok && !state) return start.status;

    const auto exchange = [this](std::uint8_t cla, Bytes content) {
        return send(make_command(cla, 0x86, 0, tlv(0x7C, content), 256));
    };
    const Answer first = exchange(0x10, {});
    if (first.status != sw::ok) return first.status;
    const Bytes key = derive_key(to_bytes(options.secret), {}, KeyUse::pace_nonce);
    const Bytes nonce = aes_decrypt(key, Bytes(16), inside(first, 0x80));

    const KeyPair mapping = generate_key(curve);
    const Answer second = exchange(0x10, tlv(0x81, mapping.point));
    if (second.status != sw::ok) return second.status;
    const auto shared_point = curve.multiply(inside(second, 0x82), mapping.scalar);
    const auto scaled = curve.multiply(curve.generator(), nonce);
    const auto generator = curve.add(*scaled, *shared_point);

    const Bytes scalar = curve.random_scalar();
    const auto point = curve.multiply(*generator, scalar);
    const Answer third = exchange(0x10, tlv(0x83, *point));
    if (third.status != sw::ok) return third.status;
    const Bytes chip_key = inside(third, 0x84);
    const auto shared = curve.multiply(chip_key, scalar);
    const SessionKeys keys = derive_session_keys(curve.x_of(*shared), {});

    const Bytes token = authentication_token(keys.mac, oid::pace_ecdh_gm_aes_128, chip_key);
    const Answer fourth = exchange(0x00, tlv(0x85, token));
    if (fourth.status != sw::ok) return fourth.status;
    if (!same(inside(fourth, 0x86),
              authentication_token(keys.mac, oid::pace_ecdh_gm_aes_128, *point))) {
        protocol_error("wrong token of the chip");
    }
    authorities_.clear();
    for (const std::uint32_t tag : {0x87U, 0x88U}) {
        const Bytes reference = inside(fourth, tag);
        if (!reference.empty()) authorities_.push_back(to_text(reference));
    }
    chip_id_ = curve.x_of(chip_key);
    start_channel(keys);
    return sw::ok;
}

StatusWord TerminalProbe::present(View certificate) {
    const auto parsed = parse_certificate(certificate);
    const auto outer = parse_single(certificate, 0x7F21);
    if (!outer) protocol_error("a test made a certificate that is none");
    const std::string issuer = parsed ? parsed->authority : authorities_.front();
    const Answer dst = send(make_command(0, 0x22, 0x81B6, tlv_text(0x83, issuer), 0));
    if (dst.status != sw::ok) return dst.status;
    return send(make_command(0, 0x2A, 0x00BE, to_bytes(outer->value), 0)).status;
}

StatusWord TerminalProbe::terminal_authentication(const TerminalOptions& options) {
    const Curve curve = Curve::brainpool_256();
    for (const Bytes& certificate : options.chain) {
        const StatusWord status = present(certificate);
        if (status != sw::ok) return status;
    }
    const auto terminal = parse_certificate(options.chain.back());
    ephemeral_ = generate_key(curve);
    const Bytes compressed = curve.x_of(ephemeral_.point);
    const Bytes auxiliary = options.auxiliary.empty() ? Bytes{} : tlv(0x67, options.auxiliary);
    const Answer environment =
        send(make_command(0, 0x22, 0x81A4,
                          join({tlv(0x80, terminal->key.oid), tlv_text(0x83, terminal->holder),
                                auxiliary, tlv(0x91, compressed)}),
                          0));
    if (environment.status != sw::ok) return environment.status;
    const Answer challenge = send(make_command(0, 0x84, 0, {}, 8));
    if (challenge.status != sw::ok) return challenge.status;
    const Bytes message = join({chip_id_, challenge.data, compressed, auxiliary});
    return send(make_command(0, 0x82, 0, curve.sign(HashId::sha_256, message, options.key.scalar),
                             0))
        .status;
}

StatusWord TerminalProbe::chip_authentication(View chip_public_key) {
    const Curve curve = Curve::brainpool_256();
    const Answer environment = send(
        make_command(0, 0x22, 0x41A4,
                     join({tlv(0x80, oid::ca_ecdh_aes_128), tlv(0x84, Bytes{chip_key_id})}), 0));
    if (environment.status != sw::ok) return environment.status;
    const Answer answer =
        send(make_command(0, 0x86, 0, tlv(0x7C, tlv(0x80, ephemeral_.point)), 256));
    if (answer.status != sw::ok) return answer.status;
    const auto shared = curve.multiply(chip_public_key, ephemeral_.scalar);
    const SessionKeys keys = derive_session_keys(curve.x_of(*shared), inside(answer, 0x81));
    const Bytes token = authentication_token(keys.mac, oid::ca_ecdh_aes_128, ephemeral_.point);
    // The terminal's own verdict, not a status word of the card.
    if (!same(token, inside(answer, 0x82))) return sw::failed;
    start_channel(keys);
    return sw::ok;
}

TerminalProbe::Identifier TerminalProbe::restricted_identification(std::uint8_t key_id,
                                                                   View sector_key, Sector sector) {
    const Answer environment = send(make_command(
        0, 0x22, 0x41A4, join({tlv(0x80, oid::ri_ecdh_sha_256), tlv(0x84, Bytes{key_id})}), 0));
    if (environment.status != sw::ok) return {environment.status, {}};
    const bool first = sector == Sector::first;
    const Answer answer =
        send(make_command(0, 0x86, 0, tlv(0x7C, tlv(first ? 0xA0 : 0xA2, sector_key)), 65536));
    return {answer.status, inside(answer, first ? 0x81 : 0x83)};
}

Answer TerminalProbe::read(std::uint8_t short_id) {
    Bytes content;
    const std::size_t block = 200;
    for (std::size_t at = 0;; at = content.size()) {
        const auto selector = static_cast<std::uint16_t>(at == 0 ? (0x80U | short_id) << 8U : at);
        const Answer part = send(make_command(0, 0xB0, selector, {}, block));
        if (part.status == sw::beyond_end && at > 0) return Answer(content);
        if (part.status != sw::ok && part.status != sw::end_of_file) return part.status;
        content = join({content, part.data});
        if (part.status == sw::end_of_file || part.data.size() < block) return Answer(content);
    }
}

StatusWord TerminalProbe::authenticate(const TestPki& pki, const PaceOptions& options,
                                       View auxiliary) {
    StatusWord status = pace(options);
    if (status != sw::ok) return status;
    status = terminal_authentication({pki.chain(), pki.terminal_key, to_bytes(auxiliary)});
    if (status != sw::ok) return status;
    status = chip_authentication(make_card_keys(card_.id(), 0, ChipKey::genuine).chip.point);
    if (status != sw::ok) return status;
    return send("00A4040C09E80704007F00070302").status;
}

Bytes auxiliary_template(View identifier, std::string_view value) {
    return tlv(0x73, {tlv(0x06, identifier), tlv_text(0x53, value)});
}

}  // namespace card
