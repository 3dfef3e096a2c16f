// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/chip_auth.hpp"

#include <utility>

#include "drivers/apdu/tlv.hpp"
#include "drivers/crypto/digest.hpp"

namespace eid {
namespace {

constexpr std::size_t nonce_bytes = 8;
constexpr std::uint8_t ins_manage_security = 0x22;
constexpr std::uint8_t ins_general_authenticate = 0x86;

auto failed(const char* where, std::uint32_t detail = 0) {
    return base::fail(base::Errc::chip_auth_failed, where, detail);
}

/// An id that is left out means the only key there is.
bool same_key(std::optional<unsigned> left, std::optional<unsigned> right) {
    return left == right || !left || !right;
}

base::Result<void> select_key(Channel& channel, const ChipAuthInfo& info) {
    base::Bytes data = apdu::tlv(0x80, base::ByteView(info.protocol));
    // Named whenever the card names it: with several keys a card answers 6982 without it (eid.md,
    // rule 1).
    if (info.key_id) {
        const std::uint8_t id[] = {static_cast<std::uint8_t>(*info.key_id)};
        apdu::append_tlv(data, 0x84, id);
    }
    TRY(answer, channel.send({0x00, ins_manage_security, 0x41, 0xA4, std::move(data), {}}));
    if (!answer.ok()) return failed("select chip key", answer.sw);
    return {};
}

}  // namespace

ChipAuthPlan plan_chip_auth(const SecurityInfos& card_access, crypto::Curve pace_curve) {
    for (const ChipAuthInfo& info : card_access.chip_auth) {
        for (const ChipAuthParameters& row : card_access.chip_auth_parameters) {
            if (same_key(info.key_id, row.key_id)) return {row.curve, info.key_id};
        }
    }
    return {pace_curve, {}};
}

base::Result<ChipAuthChoice> choose_chip_auth(const SecurityInfos& signed_infos,
                                              const ChipAuthPlan& plan) {
    for (const ChipAuthInfo& info : signed_infos.chip_auth) {
        if (!same_key(info.key_id, plan.key_id)) continue;
        for (const ChipAuthKey& row : signed_infos.chip_auth_keys) {
            if (same_key(info.key_id, row.key_id) && row.key.curve == plan.curve) {
                return ChipAuthChoice{info, row.key};
            }
        }
    }
    return base::fail(base::Errc::protocol_unsupported, "choose chip auth");
}

base::Result<SessionKeys> confirm_chip(const ChipAuthInfo& info, const crypto::Point& ephemeral,
                                       const crypto::Scalar& shared, base::ByteView nonce,
                                       base::ByteView token) {
    SessionKeys keys = derive_session_keys(info.cipher, shared.expose(), nonce);
    if (!crypto::equal_ct(token, authentication_token(keys.mac, info.protocol, ephemeral))) {
        return failed("chip token");
    }
    return keys;
}

base::Result<void> run_chip_auth(Channel& channel, const ChipAuthChoice& choice,
                                 const crypto::KeyPair& ephemeral, port::Random& random) {
    TRY_VOID(select_key(channel, choice.info));
    const base::Bytes key = apdu::tlv(0x80, base::ByteView(ephemeral.point.bytes));
    TRY(answer, channel.send({0x00, ins_general_authenticate, 0x00, 0x00,
                              apdu::tlv(0x7C, base::ByteView(key)), apdu::short_le_max}));
    if (!answer.ok()) return failed("chip authenticate", answer.sw);
    const auto content = apdu::only(answer.data, 0x7C);
    if (!content) return failed("chip answer");
    apdu::TlvReader reader(*content);
    const auto nonce = reader.take_if(0x81);
    const auto token = reader.take_if(0x82);
    if (!nonce || !token || nonce->value.size() != nonce_bytes) return failed("chip answer");
    TRY(shared, crypto::shared_x(ephemeral, choice.key, random));
    TRY(keys, confirm_chip(choice.info, ephemeral.point, shared, nonce->value, token->value));
    channel.secure(std::move(keys));
    return {};
}

}  // namespace eid
