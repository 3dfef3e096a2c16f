// SPDX-License-Identifier: EUPL-1.2
// A terminal made of OpenPACE: see openpace_terminal.hpp.
#include "tests/interop/openpace_terminal.hpp"

#include <utility>

#include "tests/card/oid.hpp"
#include "tests/card/security_infos.hpp"

namespace openpace {

using namespace card;

namespace {

Bytes inside(const Answer& answer, std::uint32_t tag) {
    const auto outer = parse_single(answer.data, 0x7C);
    const auto objects = outer ? parse_tlv(outer->value) : std::nullopt;
    const Tlv* object = objects ? find(*objects, tag) : nullptr;
    return object != nullptr ? to_bytes(object->value) : Bytes{};
}

Answer to_answer(View response) {
    const std::size_t length = response.size() - 2;
    return {to_bytes(response.first(length)),
            static_cast<StatusWord>(response[length] << 8 | response[length + 1])};
}

/// READ BINARY by short identifier before any context is there.
Bytes read_plain(Card& card, std::uint8_t short_id) {
    return to_answer(card.process(
                         Bytes{0, 0xB0, static_cast<std::uint8_t>(0x80U | short_id), 0, 0, 0, 0}))
        .data;
}

}  // namespace

Terminal::Terminal(Card& card, const TestPki& pki, Suite suite)
    : card_(card),
      pki_(pki),
      suite_(suite),
      context_(make_context(read_plain(card, 0x1C))),
      messaging_(context_.get()) {}

Answer Terminal::send(const Command& command) {
    if (messaging_.running()) return messaging_.open(card_.process(messaging_.protect(command)));
    Bytes bytes{command.cla, command.ins, command.p1, command.p2};
    if (!command.data.empty()) {
        bytes.push_back(static_cast<std::uint8_t>(command.data.size()));
        bytes = join({bytes, command.data});
    }
    if (command.expected > 0) bytes.push_back(static_cast<std::uint8_t>(command.expected));
    return to_answer(card_.process(bytes));
}

StatusWord Terminal::pace(const std::string& digits, s_type type, std::optional<Rights> rights) {
    EAC_CTX* ctx = context_.get();
    const auto secret = make_secret(digits, type);
    Bytes environment = join(
        {tlv(0x80, suite_.pace_protocol()), tlv(0x83, Bytes{static_cast<std::uint8_t>(type)})});
    if (rights) environment = join({environment, encode_chat({Role::terminal, *rights})});
    const StatusWord state = send(make_command(0, 0x22, 0xC1A4, environment, 0)).status;
    if (state != sw::ok && (state & 0xFFF0U) != sw::tries_left) return state;
    const auto step = [this](std::uint8_t cla, Bytes content) {
        return send(make_command(cla, 0x86, 0, tlv(0x7C, content), 256));
    };
    const Bytes nonce = inside(step(0x10, {}), 0x80);
    require(PACE_STEP2_dec_nonce(ctx, secret.get(), buffer(nonce).get()) == 1, "the nonce");
    const Bytes mapping = take(PACE_STEP3A_generate_mapping_data(ctx), "mapping data");
    const Bytes card_mapping = inside(step(0x10, tlv(0x81, mapping)), 0x82);
    require(PACE_STEP3A_map_generator(ctx, buffer(card_mapping).get()) == 1, "the mapping");
    const Bytes own = take(PACE_STEP3B_generate_ephemeral_key(ctx), "an ephemeral key");
    const Bytes card_key = inside(step(0x10, tlv(0x83, own)), 0x84);
    require(PACE_STEP3B_compute_shared_secret(ctx, buffer(card_key).get()) == 1 &&
                PACE_STEP3C_derive_keys(ctx) == 1,
            "the shared secret");
    const Bytes token =
        take(PACE_STEP3D_compute_authentication_token(ctx, buffer(card_key).get()), "a token");
    const Answer last = step(0x00, tlv(0x85, token));
    if (last.status != sw::ok) return last.status;
    require(PACE_STEP3D_verify_authentication_token(ctx, buffer(inside(last, 0x86)).get()) == 1,
            "the card's token");
    chip_id_ = take(EAC_Comp(ctx, EAC_ID_PACE, buffer(card_key).get()), "Comp");
    messaging_.start(EAC_ID_PACE);
    return sw::ok;
}

StatusWord Terminal::authenticate_terminal(const Bytes& auxiliary) {
    EAC_CTX* ctx = context_.get();
    const TestPki& pki = pki_;
    const Bytes key = encode_private_key(pki.terminal_key.scalar, pki.terminal_key.point);
    // From a certificate without domain parameters OpenPACE 1.1 learns nothing; the authority's
    // names the same signature protocol.
    const Bytes root = pki.cvca();
    require(EAC_CTX_init_ta(ctx, key.data(), key.size(), root.data(), root.size()) == 1,
            "the terminal's key");
    for (const Bytes& certificate : pki.chain()) {
        const auto parsed = parse_certificate(certificate);
        const auto outer = parse_single(certificate, 0x7F21);
        StatusWord word =
            send(make_command(0, 0x22, 0x81B6, tlv_text(0x83, parsed->authority), 0)).status;
        if (word != sw::ok) return word;
        word = send(make_command(0, 0x2A, 0x00BE, to_bytes(outer->value), 0)).status;
        if (word != sw::ok) return word;
    }
    compressed_ = take(TA_STEP3_generate_ephemeral_key(ctx), "a key for CA");
    const auto terminal = parse_certificate(pki.terminal());
    const StatusWord environment =
        send(make_command(0, 0x22, 0x81A4,
                          join({tlv(0x80, terminal->key.oid), tlv_text(0x83, terminal->holder),
                                tlv(0x91, compressed_), auxiliary}),
                          0))
            .status;
    if (environment != sw::ok) return environment;
    const Answer challenge = send(make_command(0, 0x84, 0, {}, 8));
    require(TA_STEP4_set_nonce(ctx, buffer(challenge.data).get()) == 1, "the challenge");
    const Buffer aux = auxiliary.empty() ? Buffer{} : buffer(auxiliary);
    const Bytes signature =
        take(TA_STEP5_sign(ctx, buffer(compressed_).get(), buffer(chip_id_).get(), aux.get()),
             "a signature");
    return send(make_command(0, 0x82, 0, signature, 0)).status;
}

StatusWord Terminal::authenticate_chip() {
    EAC_CTX* ctx = context_.get();
    const Bytes file = read(0x1D);
    require(!file.empty(), "EF.CardSecurity");
    CA_disable_passive_authentication(ctx);
    const Bytes chip_key = take(CA_get_pubkey(ctx, file.data(), file.size()), "the chip's key");
    const StatusWord environment =
        send(make_command(0, 0x22, 0x41A4,
                          join({tlv(0x80, suite_.chip_protocol()), tlv(0x84, Bytes{chip_key_id})}),
                          0))
            .status;
    if (environment != sw::ok) return environment;
    const Bytes own = take(CA_STEP2_get_eph_pubkey(ctx), "the announced key");
    const Answer answer = send(make_command(0, 0x86, 0, tlv(0x7C, tlv(0x80, own)), 256));
    if (answer.status != sw::ok) return answer.status;
    require(CA_STEP4_compute_shared_secret(ctx, buffer(chip_key).get()) == 1, "the secret");
    require(CA_STEP6_derive_keys(ctx, buffer(inside(answer, 0x81)).get(),
                                 buffer(inside(answer, 0x82)).get()) == 1,
            "the card's token for CA");
    messaging_.start(EAC_ID_CA);
    return send(make_command(0, 0xA4, 0x040C, *from_hex("E80704007F00070302"), 0)).status;
}

Bytes Terminal::read(std::uint8_t short_id) {
    return send(make_command(0, 0xB0, static_cast<std::uint16_t>((0x80U | short_id) << 8U), {},
                             65536))
        .data;
}

Bytes Terminal::identifier(std::uint8_t key_id, View sector_key) {
    const StatusWord environment =
        send(make_command(0, 0x22, 0x41A4,
                          join({tlv(0x80, oid::ri_ecdh_sha_256), tlv(0x84, Bytes{key_id})}), 0))
            .status;
    require(environment == sw::ok, "the key of restricted identification");
    return inside(send(make_command(0, 0x86, 0, tlv(0x7C, tlv(0xA0, sector_key)), 65536)), 0x81);
}

}  // namespace openpace
