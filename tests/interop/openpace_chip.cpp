// SPDX-License-Identifier: EUPL-1.2
// A chip made of OpenPACE: see openpace_chip.hpp.
#include "tests/interop/openpace_chip.hpp"

#include <algorithm>
#include <utility>

#include "tests/card/document_signer.hpp"
#include "tests/card/oid.hpp"
#include "tests/card/security_infos.hpp"

namespace openpace {

using card::Answer;
using card::Bytes;
using card::Command;
using card::tlv;
using card::View;
namespace sw = card::sw;

namespace {

Bytes value_of(View data, std::uint32_t tag) {
    const auto objects = card::parse_tlv(data);
    const card::Tlv* object = objects ? card::find(*objects, tag) : nullptr;
    return object != nullptr ? card::to_bytes(object->value) : Bytes{};
}

Bytes inside(View data, std::uint32_t tag) {
    return value_of(value_of(data, 0x7C), tag);
}

Answer dynamic(Bytes content) {
    return Answer(tlv(0x7C, content));
}

}  // namespace

Chip::Chip(const card::TestPki& pki)
    : pki_(pki),
      keys_(card::make_card_keys("openpace", 0, card::ChipKey::genuine)),
      card_access_(card::encode_card_access(card::Generation::plain)),
      context_(make_context(card_access_)),
      messaging_(context_.get()) {
    const card::DocumentSigner signer(card::CurveEncoding::named);
    card_security_ = signer.sign(card::encode_security_object(card::Generation::plain, keys_));
    authority_ = signer.authority_certificate();
    EAC_CTX* ctx = context_.get();
    const Bytes root = pki.cvca();
    require(EAC_CTX_init_ta(ctx, nullptr, 0, root.data(), root.size()) == 1, "a trust anchor");
    const Bytes chip_key = encode_private_key(keys_.chip.scalar, keys_.chip.point);
    require(CA_set_key(ctx, chip_key.data(), chip_key.size(), nullptr, 0) == 1, "the chip's key");
    require(EAC_CTX_init_ri(ctx, NID_id_RI_ECDH_SHA_256, 13) == 1, "RI");
}

base::Result<base::Bytes> Chip::transmit(base::ByteView bytes) {
    const auto command = card::parse_command(bytes);
    require(command.has_value(), "a command APDU");
    Bytes response;
    if (command->secured()) {
        const auto plain = messaging_.open_command(*command);
        response =
            plain ? messaging_.protect_answer(execute(*plain)) : card::encode(sw::sm_objects_wrong);
    } else {
        response = card::encode(execute(*command));
    }
    if (next_keys_) messaging_.start(*std::exchange(next_keys_, std::nullopt));
    return response;
}

Answer Chip::execute(const Command& command) {
    switch (command.ins) {
        case 0xA4:
            return sw::ok;
        case 0xB0:
            return read(command);
        case 0x22:
            return manage(command);
        case 0x2A:
            return import_certificate(command);
        case 0x84:
            return Answer(take(TA_STEP4_get_nonce(context_.get()), "a nonce"));
        case 0x82:
            return authenticate_terminal(command);
        case 0x86:
            if (mode_ == Mode::pace) return pace_step(command);
            return mode_ == Mode::chip ? authenticate_chip(command) : identify(command);
        default:
            return sw::unknown_instruction;
    }
}

Answer Chip::read(const Command& command) {
    std::size_t offset = command.p1p2();
    if ((command.p1 & 0x80U) != 0) {
        current_ = file(command.p1 & 0x1FU);
        offset = command.p2;
    }
    if (current_.empty()) return sw::file_missing;
    if (offset >= current_.size()) return sw::beyond_end;
    const std::size_t rest = current_.size() - offset;
    const std::size_t length = std::min(rest, command.expected);
    return {card::to_bytes(View(current_).subspan(offset, length)),
            length < command.expected ? sw::end_of_file : sw::ok};
}

Bytes Chip::file(std::uint8_t short_id) const {
    if (short_id == 0x1C) return card_access_;
    if (short_id == 0x1D && terminal_verified_) return card_security_;
    if (short_id == 4 && chip_authenticated_) return tlv(0x64, card::tlv_text(0x0C, "OPEN"));
    if (short_id == 5 && chip_authenticated_) return tlv(0x65, card::tlv_text(0x0C, "PACE"));
    return {};
}

Answer Chip::manage(const Command& command) {
    const Bytes protocol = value_of(command.data, 0x80);
    switch (command.p1p2()) {
        case 0xC1A4: {
            const bool pin = value_of(command.data, 0x83) == Bytes{3};
            secret_ = make_secret(pin ? "123456" : "500540", pin ? PACE_PIN : PACE_CAN);
            asks_for_data_ = !value_of(command.data, 0x7F4C).empty();
            mode_ = Mode::pace;
            pace_steps_ = 0;
            return sw::ok;
        }
        case 0x81B6:
            return sw::ok;
        case 0x81A4: {
            compressed_ = value_of(command.data, 0x91);
            const Bytes auxiliary = value_of(command.data, 0x67);
            auxiliary_ = auxiliary.empty() ? Bytes{} : tlv(0x67, auxiliary);
            return sw::ok;
        }
        case 0x41A4:
            mode_ = card::same(protocol, card::oid::ri_ecdh_sha_256) ? Mode::identify : Mode::chip;
            identify_key_ = mode_ == Mode::identify ? value_of(command.data, 0x84).at(0) : 0;
            return sw::ok;
        default:
            return sw::wrong_parameters;
    }
}

Answer Chip::pace_step(const Command& command) {
    EAC_CTX* ctx = context_.get();
    switch (pace_steps_++) {
        case 0:
            return dynamic(tlv(0x80, take(PACE_STEP1_enc_nonce(ctx, secret_.get()), "a nonce")));
        case 1: {
            const Bytes own = take(PACE_STEP3A_generate_mapping_data(ctx), "mapping data");
            const Bytes theirs = inside(command.data, 0x81);
            require(PACE_STEP3A_map_generator(ctx, buffer(theirs).get()) == 1, "the mapping");
            return dynamic(tlv(0x82, own));
        }
        case 2:
            own_key_ = take(PACE_STEP3B_generate_ephemeral_key(ctx), "an ephemeral key");
            terminal_key_ = inside(command.data, 0x83);
            require(PACE_STEP3B_compute_shared_secret(ctx, buffer(terminal_key_).get()) == 1 &&
                        PACE_STEP3C_derive_keys(ctx) == 1,
                    "the shared secret");
            return dynamic(tlv(0x84, own_key_));
        default:
            break;
    }
    const Bytes theirs = inside(command.data, 0x85);
    if (PACE_STEP3D_verify_authentication_token(ctx, buffer(theirs).get()) != 1) return 0x63C2;
    const Bytes token =
        take(PACE_STEP3D_compute_authentication_token(ctx, buffer(terminal_key_).get()), "a token");
    Bytes content = tlv(0x86, token);
    if (asks_for_data_) {
        content = card::join({content, card::tlv_text(0x87, pki_.cvca_request.holder)});
    }
    next_keys_ = EAC_ID_PACE;
    return dynamic(content);
}

Answer Chip::import_certificate(const Command& command) {
    const Bytes whole = tlv(0x7F21, command.data);
    const int good = TA_STEP2_import_certificate(context_.get(), whole.data(), whole.size());
    return good == 1 ? sw::ok : sw::not_usable;
}

// OpenPACE strips leading zeros from Comp(); the norm pads.
Bytes Chip::padded_comp(int id, View point) {
    Bytes comp = take(EAC_Comp(context_.get(), id, buffer(point).get()), "Comp");
    if (comp.size() < 32) unlucky_ = true;
    while (comp.size() < 32) comp.insert(comp.begin(), 0);
    return comp;
}

Answer Chip::authenticate_terminal(const Command& command) {
    const Bytes own = padded_comp(EAC_ID_PACE, own_key_);
    const Buffer auxiliary = auxiliary_.empty() ? Buffer{} : buffer(auxiliary_);
    terminal_verified_ =
        TA_STEP6_verify(context_.get(), buffer(compressed_).get(), buffer(own).get(),
                        auxiliary.get(), buffer(command.data).get()) == 1;
    return terminal_verified_ ? sw::ok : sw::failed;
}

Answer Chip::authenticate_chip(const Command& command) {
    EAC_CTX* ctx = context_.get();
    const Bytes theirs = inside(command.data, 0x80);
    (void)padded_comp(EAC_ID_CA, theirs);  // only to notice an unlucky key
    if (CA_STEP3_check_pcd_pubkey(ctx, buffer(compressed_).get(), buffer(theirs).get()) != 1) {
        return sw::not_usable;
    }
    require(CA_STEP4_compute_shared_secret(ctx, buffer(theirs).get()) == 1, "the shared secret");
    BUF_MEM* nonce = nullptr;
    BUF_MEM* token = nullptr;
    require(CA_STEP5_derive_keys(ctx, buffer(theirs).get(), &nonce, &token) == 1, "the keys");
    const Bytes content =
        card::join({tlv(0x81, take(nonce, "a nonce")), tlv(0x82, take(token, "a token"))});
    chip_authenticated_ = true;
    next_keys_ = EAC_ID_CA;
    return dynamic(content);
}

Answer Chip::identify(const Command& command) {
    EAC_CTX* ctx = context_.get();
    const auto& key = identify_key_ == card::pseudonym_key_id ? keys_.pseudonym : keys_.block_list;
    const Bytes encoded = encode_private_key(key.scalar, key.point);
    const unsigned char* at = encoded.data();
    EVP_PKEY* loaded = d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(encoded.size()));
    require(loaded != nullptr, "the key of this card");
    EVP_PKEY_free(ctx->ri_ctx->static_key);
    ctx->ri_ctx->static_key = loaded;
    const Bytes point = value_of(inside(command.data, 0xA0), 0x86);
    return dynamic(
        tlv(0x81, take(RI_STEP2_compute_identifier(ctx, buffer(point).get()), "an identifier")));
}

}  // namespace openpace
